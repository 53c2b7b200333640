package dev.workflow.expression;

/** What one evaluation may use. */
final class Budget {
  /** Parts of an expression evaluated, elements and blocks of text looked at. */
  static final int STEPS_MAX = 2_000_000;

  /** Characters and elements made. */
  static final long MADE_MAX = 20_000_000;

  /** Wall-clock time. */
  static final long NANOS_MAX = 5_000_000_000L;

  private static final int CLOCK_EVERY = 1 << 12;

  private final long started = System.nanoTime();
  private int steps;
  private int untilClock = CLOCK_EVERY;
  private long made;

  void step() {
    steps(1);
  }

  void steps(int more) {
    steps += more;
    untilClock -= more;
    if (steps < 0 || steps > STEPS_MAX) {
      throw new Stop.OverBudget("It takes more than " + STEPS_MAX + " steps to evaluate");
    }
    if (untilClock < 0) {
      untilClock = CLOCK_EVERY;
      if (System.nanoTime() - started > NANOS_MAX) {
        throw new Stop.OverBudget("It takes longer than 5 s to evaluate");
      }
    }
  }

  /** Called before something is made. */
  void make(long size) {
    made += size;
    if (made > MADE_MAX) {
      throw new Stop.OverBudget(
          "It makes more than " + MADE_MAX + " characters and elements on the way");
    }
  }
}
