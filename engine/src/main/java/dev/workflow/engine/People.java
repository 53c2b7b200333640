package dev.workflow.engine;

import dev.workflow.definition.ErrorKind;
import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.Arrays;
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
   * @param form JSON Schema of the answer, of the content that a server wants, or of what the tool
   *     of a call in doubt gives; absent: approve or reject, or anything
   * @param output JSON Schema that the step itself asks of what a call in doubt gives, or of an
   *     output given by hand; absent: none
   * @param complaint why the last answer was not taken; absent: first time
   */
  record Question(
      StepPath step,
      Kind kind,
      String text,
      @Nullable JsonNode form,
      @Nullable JsonNode output,
      @Nullable String complaint) {

    /** A question of the author: to approve or reject, or to fill in the form. */
    public static Question of(StepPath step, String text, @Nullable JsonNode form) {
      return new Question(step, form == null ? Kind.APPROVAL : Kind.FORM, text, form, null, null);
    }

    /** What became of a call. */
    static Question about(RunState run, Event.StepInDoubt doubt) {
      return about(run, doubt.step(), doubt.call(), doubt.reason());
    }

    static Question about(RunState run, StepPath step, String call, String reason) {
      JsonNode definition = run.definition();
      Event.ToolCalled called = run.openToolCall(step, call);
      JsonNode gives =
          called == null
              ? null
              : ResolvedJson.outputOf(definition, called.server() + "/" + called.tool());
      JsonNode output = ResolvedJson.outputOfStep(definition, step);
      return new Question(step, Kind.IN_DOUBT, reason, gives, output, null);
    }

    /** What to do about a failure that no retry is left for. */
    public static Question about(RunState run, StepPath step, StepError error) {
      JsonNode output = ResolvedJson.contractOf(run.start().definition(), step);
      String details =
          error.details().isEmpty() ? "" : "\n- " + String.join("\n- ", error.details());
      Kind kind = error.kind() == ErrorKind.TOOL_CHANGED ? Kind.TOOL_CHANGED : Kind.FAILURE;
      return new Question(step, kind, error.message() + details, null, output, null);
    }

    /** The same question again, after an answer that cannot be taken. */
    Question again(String why) {
      return new Question(step, kind, text, form, output, why);
    }

    /** JSON Schema of the answers that are taken. */
    public JsonNode answerSchema() {
      return switch (kind) {
        case APPROVAL -> Schemas.DECISION;
        case IN_DOUBT -> Schemas.RESOLUTION;
        case FAILURE -> Schemas.WAY_OUT;
        case TOOL_CHANGED -> Schemas.AGAIN;
        case ELICITATION -> ServerQuestion.answerSchema(form);
        case FORM -> form == null ? Schemas.ANY : form;
      };
    }

    /** Why an answer cannot be taken; absent: it can. */
    public @Nullable String complaint(Validator validator, JsonNode answer) {
      JsonNode whole = kind == Kind.ELICITATION ? ServerQuestion.completed(form, answer) : answer;
      String complaint = texts("", validator.validate(answerSchema(), whole));
      if (complaint != null) {
        return complaint;
      }
      String decision = answer.path("decision").asString("");
      JsonNode given = answer.get("output");
      return switch (kind) {
        case IN_DOUBT -> decision.equals("done") ? notGiven(validator, given) : null;
        case FAILURE -> wayOut(validator, decision, given);
        case ELICITATION -> ServerQuestion.complaint(answer);
        case APPROVAL, FORM, TOOL_CHANGED -> null;
      };
    }

    /** An output goes with the decision to give one, and only with it. */
    private @Nullable String wayOut(
        Validator validator, String decision, @Nullable JsonNode given) {
      if (!decision.equals("output")) {
        return given == null
            ? null
            : "/output: expected none with the decision \"" + decision + "\"";
      }
      return given == null
          ? "/output: expected the output of the step, found nothing"
          : notGiven(validator, given);
    }

    /** Who says that a call took effect says what it gave, as the call and its step would have. */
    private @Nullable String notGiven(Validator validator, @Nullable JsonNode given) {
      List<Validator.Violation> violations = new ArrayList<>();
      for (JsonNode schema : Arrays.asList(form, output)) {
        if (schema != null && given == null) {
          return "/output: expected what the call gave, found nothing";
        }
        if (schema != null && given != null && violations.isEmpty()) {
          violations.addAll(validator.validate(schema, given));
        }
      }
      return texts("/output", violations);
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

  /**
   * What a run waits for: the questions to people, the failures, what servers want, and the calls
   * in doubt.
   */
  static List<Question> pending(RunState run) {
    List<Question> pending = new ArrayList<>();
    run.questions()
        .forEach((step, asked) -> pending.add(Question.of(step, asked.text(), asked.form())));
    run.failuresAsked().forEach((step, error) -> pending.add(Question.about(run, step, error)));
    run.wanted().forEach(wanted -> pending.add(ServerQuestion.of(wanted)));
    run.doubts().forEach(doubt -> pending.add(Question.about(run, doubt)));
    return pending;
  }

  /** What a question is about. */
  enum Kind {
    /** Approve or reject: {@code {decision: approve|reject, note?}}. */
    APPROVAL,
    /** A form of the author. */
    FORM,
    /** A call in doubt: {@code {decision: retry|done|fail, output?}}. */
    IN_DOUBT,
    /** A failure: {@code {decision: retry|output|continue|fail, output?}}. */
    FAILURE,
    /** A tool is not the one that the run was checked with: {@code {decision: retry|fail}}. */
    TOOL_CHANGED,
    /** What a server wants: {@code {action: accept|decline|cancel, content?}}. */
    ELICITATION
  }

  /** An answer and where it came from, such as {@code terminal}. */
  record Answer(JsonNode value, String by) {}
}
