package dev.workflow.engine;

import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.List;
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
   * @param form JSON Schema of the answer; absent: approve or reject
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
      List<Validator.Violation> violations = validator.validate(answerSchema(), answer);
      return violations.isEmpty()
          ? null
          : String.join("; ", violations.stream().map(Validator.Violation::text).toList());
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
      pending.add(new Question(doubt.step(), Kind.IN_DOUBT, doubt.reason(), null, null));
    }
    return pending;
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
