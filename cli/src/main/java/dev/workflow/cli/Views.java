package dev.workflow.cli;

import dev.workflow.engine.Clock;
import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.StandingAnswers;
import dev.workflow.engine.Validator;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a run is shown while it is driven, who answers its questions, and what is printed at its end.
 */
final class Views implements AutoCloseable {
  private final Context context;
  private final RunOptions options;
  private final Clock clock;
  private final Narration narration;
  private final @Nullable RunView view;
  private final RunObserver observer;
  private @Nullable TerminalPeople people;

  Views(Context context, RunOptions options, String run, Clock clock) {
    this.context = context;
    this.options = options;
    this.clock = clock;
    this.narration = new Narration(!asks(), false);
    this.view = view();
    List<RunObserver> observers = new ArrayList<>();
    if (view != null) {
      observers.add(view);
    }
    if (options.output() == OutputFormat.jsonl) {
      observers.add(new RunOutput.Stream(run, context.terminal()));
    }
    this.observer = new RunOutput.Everybody(observers);
  }

  private @Nullable RunView view() {
    Terminal terminal = context.terminal();
    return switch (options.progress()) {
      case none -> null;
      case plain -> new PlainView(terminal, narration);
      case live -> new LiveView(terminal, narration, clock);
      case auto ->
          terminal.screen().err()
              ? new LiveView(terminal, narration, clock)
              : new PlainView(terminal, narration);
    };
  }

  /** Whether questions are put to a person at the terminal. */
  private boolean asks() {
    return context.terminal().screen().isInteractive() && !options.yes();
  }

  RunObserver observer() {
    return observer;
  }

  /** The run was begun before. */
  void takeUp(RunState run) {
    if (view != null) {
      context.terminal().say("Run " + run.start().run() + " of " + run.start().workflow());
      view.takeUp(run, clock.now());
    }
  }

  /**
   * The options answer first, then whoever sits at the terminal.
   *
   * @param again steps whose changed tool is looked at once more before somebody is asked
   */
  People people(Validator validator, Set<StepPath> again) {
    People next = People.NOBODY;
    if (context.terminal().screen().isInteractive()) {
      people = new TerminalPeople(context.terminal(), context.in(), validator);
      next = people;
    }
    return new StandingAnswers(options.answers(), options.yes(), new LookedAgain(again, next));
  }

  /** Prints the result and gives the exit code. */
  int end(RunState state) {
    close();
    new Ending(context, state, narration.told()).say();
    RunOutput.print(state, options.output(), context.terminal());
    return ExitCode.of(state);
  }

  @Override
  public void close() {
    if (view != null) {
      view.close();
    }
    if (people != null) {
      people.close();
    }
  }
}
