package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.definition.Problem;
import dev.workflow.run.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Drives a run to where it ends, pauses or is interrupted. */
final class Session {
  private Session() {}

  /**
   * Starts the servers that a run which was taken up again cannot do without.
   *
   * @return the exit code of one that cannot go on, which was told and is closed; absent: it can
   */
  static @Nullable Integer refused(Context context, OutputFormat output, String id, Run run) {
    List<Problem> problems;
    try {
      problems = run.startRequired();
    } catch (RuntimeException e) {
      run.close();
      throw e;
    }
    if (problems.isEmpty()) {
      return null;
    }
    run.close();
    Terminal terminal = context.terminal();
    terminal.problems(problems);
    terminal.say("Run " + id + " was not resumed, and no step of it began. When that is mended:");
    terminal.say("  " + context.line("resume", id));
    if (output == OutputFormat.json) {
      terminal.json(ProblemJson.errors(problems));
    }
    return ExitCode.of(problems, false);
  }

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
