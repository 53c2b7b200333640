package dev.workflow.cli;

import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.StandingAnswers;
import dev.workflow.run.RunState;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run is shown while it is driven, who answers its questions, and what is printed at its end.
 */
final class Views implements AutoCloseable {
  private final Context context;
  private final RunOptions options;
  private final List<RunObserver> observers = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();

  Views(Context context, RunOptions options, String run) {
    this.context = context;
    this.options = options;
    Terminal terminal = context.terminal();
    switch (progress(terminal.screen())) {
      case plain -> observers.add(new PlainView(terminal));
      case live -> {
        LiveView live = new LiveView(terminal);
        observers.add(live);
        open.add(live);
      }
      case none, auto -> {}
    }
    if (options.output() == OutputFormat.jsonl) {
      observers.add(new RunOutput.Stream(run, terminal));
    }
  }

  private RunOptions.Progress progress(Screen screen) {
    if (options.progress() != RunOptions.Progress.auto) {
      return options.progress();
    }
    return screen.err() ? RunOptions.Progress.live : RunOptions.Progress.plain;
  }

  RunObserver observer() {
    return new RunOutput.Everybody(List.copyOf(observers));
  }

  /** The options answer first, then whoever sits at the terminal. */
  People people(dev.workflow.engine.Validator validator) {
    People next = People.NOBODY;
    if (context.terminal().screen().isInteractive()) {
      TerminalPeople asking = new TerminalPeople(context.terminal(), context.in(), validator);
      open.add(asking);
      next = asking;
    }
    return new StandingAnswers(options.answers(), options.yes(), next);
  }

  /** Prints the result and gives the exit code. */
  int end(RunState state) {
    close();
    new Ending(context, state).say();
    RunOutput.print(state, options.output(), context.terminal());
    return ExitCode.of(state);
  }

  @Override
  public void close() {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    open.clear();
  }
}
