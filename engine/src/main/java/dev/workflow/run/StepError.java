package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import java.util.List;

/**
 * Why an attempt failed.
 *
 * @param message one clear sentence for people
 * @param details further lines, such as the violations of a schema
 */
public record StepError(ErrorKind kind, String message, List<String> details) {
  public StepError {
    details = List.copyOf(details);
  }

  /** Whether the call was not made because it must not be; an agent is not told to go on. */
  boolean isRefusal() {
    return kind == ErrorKind.FORBIDDEN
        || kind == ErrorKind.LOGIN_NEEDED
        || kind == ErrorKind.TOOL_CHANGED;
  }

  /** An error that one sentence explains. */
  public static StepError of(ErrorKind kind, String message) {
    return new StepError(kind, message, List.of());
  }
}
