package dev.workflow.engine;

import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Whoever can answer questions while a run is driven. */
public interface People {

  /** Nobody: every question stays pending. */
  People NOBODY = question -> Mono.empty();

  /**
   * Asks; several questions may be open at a time. Answers are validated by the caller, which asks
   * again with {@link Question#complaint} when one does not fit.
   *
   * @return the answer; empty when nobody is there
   */
  Mono<Answer> ask(Question question);

  /**
   * One question.
   *
   * @param kind what is asked for
   * @param form JSON Schema of the answer, or of what a call in doubt gives; absent: approve or
   *     reject, or anything
   * @param complaint why the last answer was not taken; absent: first time
   */
  record Question(
      StepPath step, Kind kind, String text, @Nullable JsonNode form, @Nullable String complaint) {

    /** JSON Schema of the answers that are taken. */
    public JsonNode answerSchema() {
      return switch (kind) {
        case APPROVAL -> Schemas.DECISION;
        case IN_DOUBT -> Schemas.RESOLUTION;
        case FORM -> form == null ? Schemas.ANY : form;
      };
    }

    /** Why an answer cannot be taken; absent: it can. */
    public @Nullable String complaint(Validator validator, JsonNode answer) {
      String complaint = texts("", validator.validate(answerSchema(), answer));
      if (complaint == null
          && kind == Kind.IN_DOUBT
          && form != null
          && answer.path("decision").asString("").equals("done")) {
        return notGiven(validator, form, answer.get("output"));
      }
      return complaint;
    }

    /** Who says that a call took effect says what it gave, as the call would have. */
    private static @Nullable String notGiven(
        Validator validator, JsonNode schema, @Nullable JsonNode output) {
      return output == null
          ? "/output: expected what the call gave, found nothing"
          : texts("/output", validator.validate(schema, output));
    }

    private static @Nullable String texts(String at, List<Validator.Violation> violations) {
      return violations.isEmpty()
          ? null
          : violations.stream()
              .map(violation -> at + violation.pointer() + ": " + violation.message())
              .map(text -> text.startsWith(": ") ? text.substring(2) : text)
              .collect(Collectors.joining("; "));
    }
  }

  /** What a run waits for: the questions to people first, then the calls in doubt. */
  static List<Question> pending(RunState run) {
    List<Question> pending = new ArrayList<>();
    run.questions()
        .forEach(
            (step, asked) ->
                pending.add(
                    new Question(
                        step,
                        asked.form() == null ? Kind.APPROVAL : Kind.FORM,
                        asked.text(),
                        asked.form(),
                        null)));
    for (Event.StepInDoubt doubt : run.doubts()) {
      JsonNode gives = gives(run, doubt.step(), doubt.call());
      pending.add(new Question(doubt.step(), Kind.IN_DOUBT, doubt.reason(), gives, null));
    }
    return pending;
  }

  /** JSON Schema of what a call under way gives; absent: its tool declares none. */
  static @Nullable JsonNode gives(RunState run, StepPath step, String call) {
    Event.ToolCalled called = run.openToolCall(step, call);
    return called == null
        ? null
        : ResolvedJson.outputOf(run.start().definition(), called.server() + "/" + called.tool());
  }

  /** What a question is about. */
  enum Kind {
    /** Approve or reject: {@code {decision: approve|reject, note?}}. */
    APPROVAL,
    /** A form of the author. */
    FORM,
    /** A call in doubt: {@code {decision: retry|done|fail, output?}}. */
    IN_DOUBT
  }

  /** An answer and where it came from, such as {@code terminal}. */
  record Answer(JsonNode value, String by) {}
}
