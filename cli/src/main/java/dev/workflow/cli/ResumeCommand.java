package dev.workflow.cli;

import dev.workflow.assembly.Adoption;
import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Limits;
import dev.workflow.run.RunState;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** {@code workflow resume}. */
final class ResumeCommand {
  private final Argument<String> run;
  private final RunOptions options = new RunOptions();
  private final Argument<Boolean> takeOver =
      Argument.flag("--take-over", "Also when another process seems to drive the run.");
  private final Argument<Boolean> adopt =
      Argument.flag(
          "--adopt",
          "Goes over to the definition as its files are now; steps that are equal are kept.");
  private final Argument<Boolean> trust =
      Argument.flag("--trust", "With --adopt: approves the servers that the definition wants.");
  private final CacheOption cache = new CacheOption();
  private final RecordOption record;
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
    this.record = new RecordOption(context);
    this.run = run;
    this.names = names;
  }

  Command command() {
    return new Command(
            this::call,
            "Goes on with a run that waits, was stopped or was cut off.",
            "No finished call is repeated. Of a run that has ended the result is printed.")
        .takes(run, options, cache, takeOver, adopt, trust, record)
        .footer(
            "",
            "Examples:",
            "  workflow resume last",
            "  workflow resume last --answer 'approve={\"decision\":\"approve\"}'",
            "  workflow resume 261121-k3 --limit time=1h",
            "  workflow resume last --adopt");
  }

  private int call() {
    WorkflowEngine engine = new EngineOptions().open(context);
    cache.apply(engine);
    record.apply(engine);
    try (Interruption interruption = Interruption.watch(engine)) {
      String id = names.apply(engine, run.value());
      RunState state = engine.state(id);
      Limits limits = options.limits(state.limits());
      new GivenAnswers(engine.validator())
          .check(options.answers(), state, engine.definition(state));
      if (state.status().ended()) {
        context.terminal().say("Run " + id + " has ended before; this is its result.");
        if (adopt.value()) {
          context
              .terminal()
              .say(
                  "A run that has ended adopts nothing. Begin a new one from any of its steps: "
                      + context.line("fork", id, "--at", "STEP"));
        }
        Views views = new Views(context, options, id, engine.clock());
        return record.take(
            engine,
            state,
            PlanKeeping.isDue(engine, state)
                ? new PlanKeeping(context, options).planned(engine, views, state)
                : views.end(state));
      }
      ChangedDefinition definition = new ChangedDefinition(context, engine, options, state);
      ChangedDefinition.Way way =
          adopt.value() ? definition.adopted(trust.value()) : definition.asItWas();
      return way.code() == null
          ? goOn(engine, state, limits, way.adoption(), interruption)
          : way.code();
    }
  }

  private int goOn(
      WorkflowEngine engine,
      RunState state,
      Limits limits,
      @Nullable Adoption adoption,
      Interruption interruption) {
    String id = state.start().run();
    try (Views views = new Views(context, options, id, engine.clock())) {
      Run resumed =
          engine.resume(
              id,
              limits,
              takeOver.value(),
              adoption,
              views.people(engine.validator(), state.failuresAsked().keySet()),
              views.observer());
      Integer refused = Session.refused(context, options.output(), id, resumed);
      if (refused != null) {
        return refused;
      }
      views.takeUp(state);
      RunState ended = Session.drive(resumed, interruption);
      return record.take(
          engine, ended, new PlanKeeping(context, options).planned(engine, views, ended));
    }
  }
}
