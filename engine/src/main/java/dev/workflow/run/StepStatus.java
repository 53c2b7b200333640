package dev.workflow.run;

import java.util.Locale;

/** Where a step stands, as people and scripts see it. */
public enum StepStatus {
  PENDING,
  RUNNING,
  /** For a person, a time or a retry. */
  WAITING,
  SUCCEEDED,
  FAILED,
  SKIPPED,
  BLOCKED,
  CANCELLED,
  IN_DOUBT;

  /** Whether the step will not move again by itself. */
  public boolean ended() {
    return switch (this) {
      case PENDING, RUNNING, WAITING, IN_DOUBT -> false;
      case SUCCEEDED, FAILED, SKIPPED, BLOCKED, CANCELLED -> true;
    };
  }

  /** The word of output and journal, such as {@code in-doubt}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
