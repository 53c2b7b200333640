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

  /** An error that one sentence explains. */
  public static StepError of(ErrorKind kind, String message) {
    return new StepError(kind, message, List.of());
  }
}
