package dev.workflow.run;

import dev.workflow.definition.OnError;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A step as others may see it.
 *
 * @param attempts started so far
 * @param output absent unless it succeeded
 * @param error of the last failed attempt; absent: none failed
 * @param reason why it was skipped or blocked, or is in doubt; absent: it was not
 * @param accepted whether a person let it fail without failing what it stands in
 * @param errors of an {@code each}: the elements that failed
 * @param item of an element: its value
 * @param injected whether somebody gave its output, and it did not run
 */
public record StepInfo(
    StepPath path,
    Plan.Node node,
    StepStatus status,
    int attempts,
    @Nullable JsonNode output,
    @Nullable StepError error,
    @Nullable String reason,
    boolean accepted,
    List<ElementError> errors,
    @Nullable JsonNode item,
    @Nullable Prepared prepared,
    @Nullable Instant started,
    @Nullable Instant ended,
    boolean injected) {
  public StepInfo {
    errors = List.copyOf(errors);
  }

  /** A failed element of an {@code each}. */
  public record ElementError(String key, StepError error) {}

  /** Whether its failure is one of what it stands in. */
  public boolean failsOthers() {
    return status == StepStatus.FAILED
        && switch (node.onError()) {
          case OnError.Fail fail -> true;
          case OnError.Ask ask -> !accepted;
          case OnError.Replan replan -> true;
          case OnError.Continue goOn -> false;
          case OnError.Output output -> false;
        };
  }

  static StepInfo of(StepRun step) {
    return new StepInfo(
        step.path,
        step.node,
        step.status(),
        step.attempt,
        step.status() == StepStatus.SUCCEEDED ? step.output : null,
        step.error,
        step.reason,
        step.accepted,
        errors(step),
        step.item == null ? null : step.item.value(),
        step.prepared,
        step.started,
        step.ended,
        step.injected);
  }

  private static List<ElementError> errors(StepRun step) {
    return step.elements.stream()
        .filter(element -> element.outcome == StepStatus.FAILED && element.ended())
        .map(element -> failed(element))
        .toList();
  }

  private static ElementError failed(StepRun element) {
    StepError error = element.error;
    String key = element.path.last().key();
    if (error == null || key == null) {
      throw new IllegalStateException(element.path + " failed without an error");
    }
    return new ElementError(key, error);
  }
}
