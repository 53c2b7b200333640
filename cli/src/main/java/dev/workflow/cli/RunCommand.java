package dev.workflow.cli;

import dev.workflow.assembly.RunDigest;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.check.RunInputs;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code workflow run}, and {@code workflow plan run}. */
final class RunCommand {
  private final Argument<String> target;
  private final GivenInputs inputs = new GivenInputs();
  private final ModelOptions models = new ModelOptions();
  private final Launch launch;
  private final Argument<Boolean> dryRun =
      Argument.flag("--dry-run", "Shows what would be done; starts nothing.");
  private final Argument<Boolean> probe =
      Argument.flag("--probe", "With --dry-run: starts the servers to see their tools.");
  private final Argument<@Nullable String> digest =
      Argument.optionOrNull(
          "--digest=D", String.class, "Runs only what --dry-run showed with this digest.");
  private final CacheOption cache = new CacheOption();
  private final Argument<@Nullable Path> replay =
      Argument.optionOrNull(
          "--replay=CASSETTE",
          Path.class,
          "Runs on what was recorded, strictly; nothing is started, asked or kept.");
  private final RecordOption record;
  private final boolean onlyPlans;
  private final Context context;
  private final Terminal terminal;

  private RunCommand(Context context, Argument<String> target, boolean onlyPlans) {
    this.context = context;
    this.terminal = context.terminal();
    this.target = target;
    this.onlyPlans = onlyPlans;
    this.launch = new Launch(context);
    this.record = new RecordOption(context);
  }

  /** Runs a file or a plan. */
  static Command command(Context context) {
    return new RunCommand(
            context,
            Argument.parameter(
                "FILE|PLAN",
                String.class,
                "The workflow file, or the id of a plan; - reads standard input."),
            false)
        .described("Runs a workflow.")
        .footer(
            "",
            "Examples:",
            "  workflow run travel.yaml --input destination=Raglan",
            "  workflow run travel.yaml --input destination=Raglan --yes -o json",
            "  workflow run travel.yaml --inputs trip.yaml --limit time=5m",
            "  workflow run travel.yaml --input destination=Raglan --dry-run",
            "  workflow run travel.yaml --input destination=Raglan --record raglan.cassette.json",
            "  workflow run travel.yaml --replay raglan.cassette.json");
  }

  /** Runs a plan. */
  static Command ofPlans(Context context) {
    return new RunCommand(
            context, Argument.parameter("PLAN", String.class, PlanCommand.WHICH), true)
        .described("Runs a plan.")
        .footer(
            "",
            "Examples:",
            "  workflow plan run raglan-3f2a91 --dry-run",
            "  workflow plan run raglan-3f2a91 --digest DIGEST");
  }

  private Command described(String description) {
    return new Command(this::call, description)
        .takes(target, inputs, models, launch, cache, dryRun, probe, digest, record, replay);
  }

  private int call() {
    Path cassette = replay.value();
    if (cassette != null) {
      return replay(cassette);
    }
    RunDigest shown = shown();
    if (dryRun.value()) {
      refuseToRecord();
      try (WorkflowEngine engine = launch.open()) {
        return run(engine, source(engine), shown, null);
      }
    }
    WorkflowEngine engine = launch.open();
    cache.apply(engine);
    record.apply(engine);
    try (Interruption interruption = Interruption.watch(engine)) {
      return run(engine, source(engine), shown, interruption);
    }
  }

  private int replay(Path cassette) {
    Replaying.refuseOthers(
        Stream.of(models, launch, cache, dryRun, probe, digest, record)
            .flatMap(some -> some.each().stream())
            .toList());
    try (WorkflowEngine engine = launch.open()) {
      return new Replaying(context, launch.options())
          .replay(engine, source(engine), cassette, inputs.given(engine.documents()));
    }
  }

  private void refuseToRecord() {
    if (record.isGiven()) {
      throw new UsageException("--record does not go with --dry-run, which calls nothing.");
    }
  }

  private @Nullable RunDigest shown() {
    String given = digest.value();
    try {
      return given == null ? null : RunDigest.parse(given);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--digest: " + e.getMessage() + ".");
    }
  }

  private Source source(WorkflowEngine engine) {
    String name = target.value();
    boolean isPlan =
        onlyPlans || (!name.equals("-") && !Files.exists(Path.of(name)) && isPlan(engine, name));
    Path file = isPlan ? engine.plans().find(name).file() : Path.of(name);
    return Source.of(file, context.in());
  }

  private static boolean isPlan(WorkflowEngine engine, String name) {
    return engine.plans().has(name);
  }

  private int run(
      WorkflowEngine engine,
      Source source,
      @Nullable RunDigest shown,
      @Nullable Interruption interruption) {
    Documents.Reading reading = source.read(engine.documents());
    JsonNode values = JsonNodeFactory.instance.objectNode();
    Workflow workflow = reading.workflow();
    boolean sound =
        reading.problems().stream().noneMatch(each -> each.severity() == Severity.ERROR);
    if (workflow != null && sound) {
      RunInputs.Inputs given =
          new RunInputs(engine.validator())
              .check(workflow.inputSchema(), inputs.given(engine.documents()));
      if (!given.problems().isEmpty()) {
        List<Problem> wrong = invalid(engine, source);
        return wrong.isEmpty() ? refuseInputs(given.problems(), workflow) : launch.refused(wrong);
      }
      new GivenAnswers(engine.validator()).check(launch.options().answers(), workflow);
      values = given.values();
    }
    if (interruption != null) {
      launch.claim(engine);
    }
    Launch.Task task =
        launch.check(
            engine,
            source,
            values,
            interruption != null || probe.value(),
            models.wishes(engine),
            learned(engine, workflow));
    return task == null ? ExitCode.UNTRUSTED : run(engine, task, shown, interruption);
  }

  private int run(
      WorkflowEngine engine,
      Launch.Task task,
      @Nullable RunDigest shown,
      @Nullable Interruption interruption) {
    List<Problem> against = launch.against(task);
    if (against.isEmpty() && shown != null) {
      against = launch.differences(engine, task, shown);
    }
    if (!against.isEmpty()) {
      task.close();
      return launch.refused(against);
    }
    terminal.problems(task.checked().problems());
    if (interruption == null) {
      task.close();
      launch.dryRun(engine, task).print(terminal, launch.options().output());
      return ExitCode.SUCCEEDED;
    }
    return launch.start(
        engine, task, interruption, (views, state) -> record.take(engine, state, views.end(state)));
  }

  private int refuseInputs(List<Problem> problems, Workflow workflow) {
    terminal.problems(problems);
    terminal.say("");
    terminal.say(inputs.explanation(context, target.value(), workflow));
    launch.printErrors(problems);
    return ExitCode.USAGE;
  }

  /** How long steps took in earlier runs: those on the longest path start first. */
  private Map<String, Duration> learned(WorkflowEngine engine, @Nullable Workflow workflow) {
    return workflow == null || dryRun.value()
        ? Map.of()
        : engine.journal().durations(workflow.name());
  }

  /** Mistakes of the definition itself, which inputs cannot mend; nothing is started. */
  private List<Problem> invalid(WorkflowEngine engine, Source source) {
    Checked checked =
        engine.check(
            new CheckRequest(source.path(), source.text(), false, models.wishes(engine), Map.of()),
            Set.of());
    TrustedCheck.close(checked);
    return checked.worst() == Problem.Kind.INVALID ? checked.problems() : List.of();
  }
}
