package dev.workflow.engine;

import dev.workflow.run.StepPath;
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
      StepPath step, Kind kind, String text, @Nullable JsonNode form, @Nullable String complaint) {}

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
