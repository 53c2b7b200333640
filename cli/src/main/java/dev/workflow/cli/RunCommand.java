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
import dev.workflow.skills.SkillPackageException;
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

/** {@code workflow run}, {@code workflow plan run} and {@code workflow skill run}. */
final class RunCommand {
  private final Target target;
  private final GivenInputs inputs = new GivenInputs();
  private final ModelOptions models;
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
  private final Context context;
  private final Terminal terminal;

  private RunCommand(Context context, Target target, ModelOptions models) {
    this.context = context;
    this.terminal = context.terminal();
    this.target = target;
    this.models = models;
    this.launch = new Launch(context);
    this.record = new RecordOption(context);
  }

  /** What is run. */
  interface Target extends Arguments {

    /**
     * Finds it.
     *
     * @param inputs that the command line gives; those that the target itself gives are added
     */
    Source source(WorkflowEngine engine, Map<String, RunInputs.Given> inputs);

    /** The command line up to the options. */
    List<String> words();
  }

  /** A file or a plan. */
  private record Named(Context context, Argument<String> name, boolean onlyPlans)
      implements Target {
    @Override
    public Source source(WorkflowEngine engine, Map<String, RunInputs.Given> inputs) {
      String named = name.value();
      boolean isPlan =
          onlyPlans
              || (!named.equals("-") && !Files.exists(Path.of(named)) && engine.plans().has(named));
      Path file = isPlan ? engine.plans().find(named).file() : Path.of(named);
      return Source.of(file, context.in());
    }

    @Override
    public List<String> words() {
      return List.of("run", name.value());
    }

    @Override
    public List<Argument<?>> each() {
      return List.of(name);
    }
  }

  /** Runs a file or a plan. */
  static Command command(Context context) {
    Argument<String> named =
        Argument.parameter(
            "FILE|PLAN",
            String.class,
            "The workflow file, or the id of a plan; - reads standard input.");
    return new RunCommand(context, new Named(context, named, false), new ModelOptions())
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
    Argument<String> plan = Argument.parameter("PLAN", String.class, PlanCommand.WHICH);
    return new RunCommand(context, new Named(context, plan, true), new ModelOptions())
        .described("Runs a plan.")
        .footer(
            "",
            "Examples:",
            "  workflow plan run raglan-3f2a91 --dry-run",
            "  workflow plan run raglan-3f2a91 --digest DIGEST");
  }

  /** Runs a skill by itself. */
  static Command ofSkills(Context context) {
    SkillTarget skill = new SkillTarget(context);
    return new RunCommand(context, skill, skill.models())
        .described(
            "Runs a skill by itself: its workflow, or a model that follows its instructions.",
            "A run like any other: journaled, listed by runs, taken up again by resume.")
        .footer(
            "",
            "Examples:",
            "  workflow skill run travel-plan 'A day in Raglan' --model default=openai/gpt-5",
            "  workflow skill run day-check --input place=Raglan --input date=2027-02-06",
            "  workflow skill run travel-plan 'A day in Raglan' --simulate answers.yaml --dry-run");
  }

  private Command described(String... description) {
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
        return run(engine, shown, null);
      }
    }
    WorkflowEngine engine = launch.open();
    cache.apply(engine);
    record.apply(engine);
    try (Interruption interruption = Interruption.watch(engine)) {
      return run(engine, shown, interruption);
    }
  }

  private int replay(Path cassette) {
    Replaying.refuseOthers(
        Stream.of(models, launch, cache, dryRun, probe, digest, record)
            .flatMap(some -> some.each().stream())
            .toList());
    try (WorkflowEngine engine = launch.open()) {
      Map<String, RunInputs.Given> given = inputs.given(engine.documents());
      return new Replaying(context, launch.options())
          .replay(engine, target.source(engine, given), cassette, given);
    } catch (SkillPackageException e) {
      return launch.refused(e.problems());
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

  private int run(
      WorkflowEngine engine, @Nullable RunDigest shown, @Nullable Interruption interruption) {
    Map<String, RunInputs.Given> named = inputs.given(engine.documents());
    Source source;
    try {
      source = target.source(engine, named);
    } catch (SkillPackageException e) {
      return launch.refused(e.problems());
    }
    Documents.Reading reading = source.read(engine.documents());
    JsonNode values = JsonNodeFactory.instance.objectNode();
    Workflow workflow = reading.workflow();
    boolean sound =
        reading.problems().stream().noneMatch(each -> each.severity() == Severity.ERROR);
    if (workflow != null && sound) {
      RunInputs.Inputs given =
          new RunInputs(engine.validator()).check(workflow.inputSchema(), named);
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
    terminal.say(inputs.explanation(context, target.words(), workflow));
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
