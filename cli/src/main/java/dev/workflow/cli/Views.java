package dev.workflow.cli;

import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.run.RunState;
import dev.workflow.trace.RunReport;
import java.util.ArrayList;
import java.util.List;

/** How a run is shown while it is driven, and what is printed at its end. */
final class Views {
  private final Terminal terminal;
  private final OutputFormat format;
  private final List<RunObserver> observers = new ArrayList<>();

  Views(Terminal terminal, RunOptions options, String run) {
    this.terminal = terminal;
    this.format = options.output();
    if (options.progress() != RunOptions.Progress.none) {
      observers.add(new PlainView(terminal));
    }
    if (format == OutputFormat.jsonl) {
      observers.add(new Session.EventStream(run, terminal));
    }
  }

  RunObserver observer() {
    return new Session.Everybody(List.copyOf(observers));
  }

  People people() {
    return People.NOBODY;
  }

  /** Prints the result and gives the exit code. */
  int end(RunState state) {
    switch (format) {
      case json -> terminal.json(RunReport.of(state));
      case text -> terminal.prettyJson(RunReport.of(state).get("outputs"));
      case jsonl -> {}
    }
    new Ending(terminal).say(state);
    return ExitCode.of(state);
  }
}
