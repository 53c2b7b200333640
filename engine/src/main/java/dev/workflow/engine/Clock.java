package dev.workflow.engine;

import java.time.Duration;
import java.time.Instant;

/** Time and chance, which enter a run only through events. */
public interface Clock {

  /** The time now. */
  Instant now();

  /** A number drawn evenly from 0 (inclusive) to 1 (exclusive). */
  double chance();

  /**
   * Runs a task once after a delay, on another thread.
   *
   * @return cancels the task when it has not begun
   */
  Runnable after(Duration delay, Runnable task);
}
