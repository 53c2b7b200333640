package dev.workflow.engine;

import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;

/** Whoever follows a run while it is driven. Called from the run's own threads; must not block. */
public interface RunObserver {

  /** Nobody. */
  RunObserver NONE = new RunObserver() {};

  /** An event is on disk. Called in the order of the journal. */
  default void recorded(Recorded recorded) {}

  /** A step shows life between events: a tool's progress, or streamed text. Never journaled. */
  default void progress(StepPath step, Progress progress) {}

  /** Something beside the run that a person should know. Never journaled. */
  default void notice(String text) {}

  /** A sign of life. */
  sealed interface Progress {
    /** A tool said how far it is. */
    record Tool(String text) implements Progress {}

    /** A model streamed a piece of text. */
    record Streamed(int characters) implements Progress {}
  }
}
