package dev.workflow.cli;

import dev.workflow.engine.RunObserver;
import dev.workflow.run.RunState;
import java.time.Instant;

/** Shows a run to people while it is driven. */
interface RunView extends RunObserver, AutoCloseable {

  /** The run was begun before: what stands as it was left is shown first. */
  void takeUp(RunState run, Instant now);

  @Override
  void close();
}
