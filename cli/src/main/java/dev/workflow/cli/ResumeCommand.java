package dev.workflow.cli;

import dev.workflow.assembly.Origin;
import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Limits;
import dev.workflow.run.RunState;
import java.util.function.BiFunction;

/** {@code workflow resume}. */
final class ResumeCommand {
  private final Argument<String> run;
  private final RunOptions options = new RunOptions();
  private final Argument<Boolean> takeOver =
      Argument.flag("--take-over", "Also when another process seems to drive the run.");
  private final Context context;

  private final BiFunction<WorkflowEngine, String, String> names;

  ResumeCommand(Context context) {
    this(
        context,
        Argument.parameter("RUN", String.class, "Id of a run, a unique beginning of it, or last."),
        (engine, name) -> RunNames.find(engine.journal(), name));
  }

  /**
   * Resumes what goes by another name.
   *
   * @param names gives the id of the run that a text means
   */
  ResumeCommand(
      Context context, Argument<String> run, BiFunction<WorkflowEngine, String, String> names) {
    this.context = context;
    this.run = run;
    this.names = names;
  }

  Command command() {
    return new Command(
            this::call,
            "Goes on with a run that waits, was stopped or was cut off.",
            "No finished call is repeated. Of a run that has ended the result is printed.")
        .takes(run, options, takeOver)
        .footer(
            "",
            "Examples:",
            "  workflow resume last",
            "  workflow resume last --answer 'approve={\"decision\":\"approve\"}'",
            "  workflow resume 261121-k3 --limit time=1h");
  }

  private int call() {
    WorkflowEngine engine = new EngineOptions().open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      String id = names.apply(engine, run.value());
      RunState state = engine.state(id);
      Limits limits = options.limits(state.limits());
      new GivenAnswers(engine.validator())
          .check(options.answers(), state, engine.definition(state));
      if (state.status().ended()) {
        context.terminal().say("Run " + id + " has ended before; this is its result.");
        return new Views(context, options, id, engine.clock()).end(state);
      }
      engine.origin(state).ifPresent(this::sayWhatBecameOf);
      return goOn(engine, state, limits, interruption);
    }
  }

  private int goOn(
      WorkflowEngine engine, RunState state, Limits limits, Interruption interruption) {
    String id = state.start().run();
    try (Views views = new Views(context, options, id, engine.clock())) {
      Run resumed =
          engine.resume(
              id, limits, takeOver.value(), views.people(engine.validator()), views.observer());
      views.takeUp(state);
      return views.end(Session.drive(resumed, interruption));
    }
  }

  private void sayWhatBecameOf(Origin origin) {
    String became =
        switch (origin.since()) {
          case SAME -> "";
          case CHANGED -> " changed since this run began";
          case GONE -> " is gone";
          case UNREADABLE -> " cannot be read";
        };
    if (!became.isEmpty()) {
      context
          .terminal()
          .say("! " + origin.file() + became + "; going on with the journaled definition.");
    }
  }
}
