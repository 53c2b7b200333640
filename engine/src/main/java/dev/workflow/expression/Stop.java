package dev.workflow.expression;

import java.util.Set;
import java.util.TreeSet;

/** Why there is no value. Thrown without a stack trace: it is an answer, not a defect. */
abstract sealed class Stop extends RuntimeException {
  private static final long serialVersionUID = 1;

  private Stop(String message) {
    super(message, null, false, false);
  }

  /** The outputs of these steps would be needed, and there are none. */
  static final class Missing extends Stop {
    private static final long serialVersionUID = 1;
    private final transient Set<String> steps;

    Missing(Set<String> steps) {
      super("missing");
      this.steps = Set.copyOf(steps);
    }

    Set<String> steps() {
      return steps;
    }
  }

  /** It failed. */
  static final class Failure extends Stop {
    private static final long serialVersionUID = 1;
    private final boolean absent;

    Failure(String message) {
      this(message, false);
    }

    private Failure(String message, boolean absent) {
      super(message);
      this.absent = absent;
    }

    /** A key or an element that is not there. */
    static Failure absent(String message) {
      return new Failure(message, true);
    }

    /** Whether {@code coalesce} goes on to its next argument. */
    boolean isAbsent() {
      return absent;
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  /** The budget is used up; nothing goes on after that. */
  static final class OverBudget extends Stop {
    private static final long serialVersionUID = 1;

    OverBudget(String message) {
      super(message);
    }

    String text() {
      return String.valueOf(getMessage());
    }
  }

  /**
   * The more telling one of two: a used-up budget, then what is missing on both sides, then the
   * first failure.
   */
  static Stop merge(Stop first, Stop second) {
    if (first instanceof OverBudget || second instanceof OverBudget) {
      return first instanceof OverBudget ? first : second;
    }
    if (first instanceof Missing left && second instanceof Missing right) {
      Set<String> both = new TreeSet<>(left.steps());
      both.addAll(right.steps());
      return new Missing(both);
    }
    return second instanceof Missing ? second : first;
  }
}
