package dev.workflow.cli;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Problem;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import java.util.Collection;

/**
 * What the process says to scripts, in one place: before a start 3 comes before 4 before 9, at the
 * end 8 before 9 before 5 before 6 before 1.
 */
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

  /**
   * The code of the worst problem; 0 when none counts.
   *
   * @param strict whether what could not be verified counts too
   */
  static int of(Collection<Problem> problems, boolean strict) {
    return problems.stream()
        .filter(problem -> counts(problem, strict))
        .map(Problem::kind)
        .min(Enum::compareTo)
        .map(ExitCode::of)
        .orElse(SUCCEEDED);
  }

  /** Of two codes before a start the one that counts: 3 before 4 before 9. */
  static int first(int one, int other) {
    return one == SUCCEEDED || other == SUCCEEDED ? Math.max(one, other) : Math.min(one, other);
  }

  /** Whether a problem keeps a workflow from running. */
  static boolean counts(Problem problem, boolean strict) {
    return switch (problem.severity()) {
      case ERROR -> true;
      case UNVERIFIED -> strict;
      case WARNING -> false;
    };
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
    boolean asks =
        !run.questions().isEmpty() || !run.failuresAsked().isEmpty() || !run.wanted().isEmpty();
    int code = of(run.status(), run.inDoubt(), asks);
    boolean changed =
        run.failuresAsked().values().stream()
            .anyMatch(error -> error.kind() == ErrorKind.TOOL_CHANGED);
    return code == WAITING && changed ? UNTRUSTED : code;
  }

  /**
   * The code of a run that is driven no more.
   *
   * @param inDoubt whether some call is in doubt
   * @param asks whether a person is asked
   */
  static int of(RunStatus status, boolean inDoubt, boolean asks) {
    return switch (status) {
      case SUCCEEDED -> SUCCEEDED;
      case RUNNING -> INTERRUPTED;
      case FAILED, CANCELLED -> FAILED;
      case WAITING, STOPPED -> {
        if (inDoubt) {
          yield IN_DOUBT;
        }
        yield asks ? WAITING : STOPPED;
      }
    };
  }
}
