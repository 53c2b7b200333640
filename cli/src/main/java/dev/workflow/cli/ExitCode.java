package dev.workflow.cli;

import dev.workflow.definition.Problem;
import dev.workflow.run.RunState;
import java.util.Collection;

/** What the process says to scripts. Before a start 3 > 4 > 9 counts, at the end 8 > 5 > 6 > 1. */
final class ExitCode {
  static final int SUCCEEDED = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int INVALID = 3;
  static final int MISSING = 4;
  static final int WAITING = 5;
  static final int STOPPED = 6;
  static final int BUSY = 7;
  static final int IN_DOUBT = 8;
  static final int UNTRUSTED = 9;
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  /** The code of the worst error; 0 when there is none. */
  static int of(Collection<Problem> problems) {
    return problems.stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .map(Problem::kind)
        .min(Enum::compareTo)
        .map(ExitCode::of)
        .orElse(SUCCEEDED);
  }

  private static int of(Problem.Kind kind) {
    return switch (kind) {
      case INVALID -> INVALID;
      case MISSING -> MISSING;
      case UNTRUSTED -> UNTRUSTED;
    };
  }

  /** The code of a run that is driven no more. */
  static int of(RunState run) {
    return switch (run.status()) {
      case SUCCEEDED -> SUCCEEDED;
      case FAILED -> FAILED;
      case CANCELLED -> FAILED;
      case WAITING -> WAITING;
      case STOPPED -> run.inDoubt() ? IN_DOUBT : STOPPED;
      case RUNNING -> INTERRUPTED;
    };
  }
}
