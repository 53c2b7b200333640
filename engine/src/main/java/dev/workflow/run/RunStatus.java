package dev.workflow.run;

import java.util.Locale;

/** Where a run stands, as people and scripts see it. */
public enum RunStatus {
  RUNNING,
  /** For a person; resumable. */
  WAITING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  /** By a limit, or by a call in doubt; resumable. */
  STOPPED;

  /** Whether the run is over for good. */
  public boolean ended() {
    return switch (this) {
      case RUNNING, WAITING, STOPPED -> false;
      case SUCCEEDED, FAILED, CANCELLED -> true;
    };
  }

  /** The word of output and journal. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
