package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.run.RunState;

/** Drives a run to where it ends, pauses or is interrupted. */
final class Session {
  private Session() {}

  /** The state at the end; the run is closed. */
  static RunState drive(Run run, Interruption interruption) {
    try (run) {
      interruption.of(run);
      RunState state = run.drive().block();
      if (state == null) {
        throw new IllegalStateException("The run ended without a state");
      }
      return state;
    }
  }
}
