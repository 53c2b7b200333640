package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.RunInputs;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import dev.workflow.mcp.Trust;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code workflow run}. */
final class RunCommand {
  private final Argument<Path> file =
      Argument.parameter("FILE", Path.class, "The workflow file; - reads standard input.");
  private final GivenInputs inputs = new GivenInputs();
  private final RunOptions options = new RunOptions();
  private final ModelOptions models = new ModelOptions();
  private final EngineOptions engineOptions = new EngineOptions();
  private final Argument<Boolean> trust =
      Argument.flag(
          "--trust",
          "Approves the servers that the workspace and the workflow define, for this run and its"
              + " resumes.");
  private final Argument<Boolean> dryRun =
      Argument.flag("--dry-run", "Shows what would be done; starts nothing.");
  private final Argument<@Nullable String> runId =
      Argument.optionOrNull("--run-id=ID", String.class, "The id of the run (default drawn).");
  private final Context context;
  private final Terminal terminal;

  RunCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  /** A workflow and inputs that fit it. */
  private record Task(Source source, Checked checked, JsonNode inputs, Set<String> approved) {}

  Command command() {
    return new Command(this::call, "Runs a workflow.")
        .takes(file, inputs, options, models, engineOptions, trust, dryRun, runId)
        .footer(
            "",
            "Examples:",
            "  workflow run travel.yaml --input destination=Raglan",
            "  workflow run travel.yaml --input destination=Raglan --yes -o json",
            "  workflow run travel.yaml --inputs trip.yaml --limit time=5m",
            "  workflow run travel.yaml --input destination=Raglan --dry-run");
  }

  private int call() {
    String wished = runId.value();
    if (wished != null && !RunIds.isValid(wished)) {
      throw new UsageException(
          "--run-id: expected at most 64 letters, digits, - and _ and not the word last, found '"
              + wished
              + "'.");
    }
    options.limits(Limits.DEFAULT);
    options.answers();
    Source source = Source.of(file.value(), context.in());
    if (dryRun.value()) {
      try (WorkflowEngine engine = engineOptions.open(context)) {
        return run(engine, source, null);
      }
    }
    WorkflowEngine engine = engineOptions.open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      return run(engine, source, interruption);
    }
  }

  private int run(WorkflowEngine engine, Source source, @Nullable Interruption interruption) {
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
        return wrong.isEmpty() ? refuseInputs(given.problems(), workflow) : refused(wrong);
      }
      new GivenAnswers(engine.validator()).check(options.answers(), workflow);
      values = given.values();
    }
    String wished = runId.value();
    if (!dryRun.value() && wished != null && RunNames.isTaken(engine.journal(), wished)) {
      throw new UsageException(
          "--run-id %s: there is a run of that id already. Choose another id, or go on with it: %s"
              .formatted(wished, context.line("resume", wished)));
    }
    Task task = check(engine, source, values, learned(engine, workflow));
    if (task == null) {
      return ExitCode.UNTRUSTED;
    }
    Checked checked = task.checked();
    Checked.Definition definition = checked.definition();
    if (!checked.isOk() || definition == null) {
      close(checked);
      return refused(checked.problems());
    }
    List<Problem> unpriced = unpriced(definition);
    if (!unpriced.isEmpty()) {
      close(checked);
      return refused(unpriced);
    }
    terminal.problems(checked.problems());
    if (interruption == null) {
      close(checked);
      Workflow planned = definition.resolved().workflow();
      new DryRun(terminal, planned.name(), values, options.limits(planned.limits()))
          .print(engine.forecast(definition, values), options.output());
      return ExitCode.SUCCEEDED;
    }
    return start(engine, task, definition, interruption);
  }

  /** What the check says of a limit in the workflow, for one of the command line. */
  private List<Problem> unpriced(Checked.Definition definition) {
    Limits limits = options.limits(definition.resolved().workflow().limits());
    Set<String> models = definition.unpriced();
    return limits.budget().cost() == null || models.isEmpty()
        ? List.of()
        : List.of(
            Problem.missing(
                "unknown-price",
                Place.file("--limit cost"),
                "The price of %s is not known, so the cost cannot be limited."
                    .formatted(String.join(", ", models)),
                "Give it with --prices FILE, or remove the limit."));
  }

  private int refuseInputs(List<Problem> problems, Workflow workflow) {
    terminal.problems(problems);
    terminal.say("");
    terminal.say(inputs.explanation(context, file.value(), workflow));
    printErrors(problems);
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
    Checked checked = engine.check(request(engine, source, false, Map.of()), Set.of());
    close(checked);
    return checked.worst() == Problem.Kind.INVALID ? checked.problems() : List.of();
  }

  private int refused(List<Problem> problems) {
    terminal.problems(problems);
    printErrors(problems);
    return ExitCode.of(problems, false);
  }

  private void printErrors(List<Problem> problems) {
    if (options.output() == OutputFormat.json) {
      terminal.json(ProblemJson.errors(problems));
    }
  }

  /**
   * Checks, and asks for the approval of servers where that is all that is missing; where they are
   * approved already, what else is missing is told of them, too.
   */
  private @Nullable Task check(
      WorkflowEngine engine, Source source, JsonNode values, Map<String, Duration> learned) {
    CheckRequest request = request(engine, source, !dryRun.value(), learned);
    Checked checked = engine.check(request, Set.of());
    List<Trust.Question> questions = engine.untrusted(checked, Set.of());
    boolean onlyTrust = checked.worst() == Problem.Kind.UNTRUSTED;
    boolean trusted = trust.value() && checked.worst() == Problem.Kind.MISSING;
    if (questions.isEmpty() || !(onlyTrust || trusted)) {
      return new Task(source, checked, values, Set.of());
    }
    close(checked);
    if (!new Trusting(context, engine.trust(), trust.value()).approve(questions)) {
      printErrors(checked.problems());
      return null;
    }
    Set<String> approved = trust.value() ? keys(questions) : Set.of();
    return new Task(source, engine.check(request, approved), values, approved);
  }

  private static void close(Checked checked) {
    if (checked.tools() != null) {
      checked.tools().close();
    }
  }

  private CheckRequest request(
      WorkflowEngine engine, Source source, boolean probe, Map<String, Duration> learned) {
    ModelWishes wishes = models.wishes(engine);
    return new CheckRequest(source.path(), source.text(), probe, wishes, learned);
  }

  private static Set<String> keys(List<Trust.Question> questions) {
    return questions.stream().map(Trust.Question::key).collect(Collectors.toUnmodifiableSet());
  }

  private int start(
      WorkflowEngine engine, Task task, Checked.Definition definition, Interruption interruption) {
    String wished = runId.value();
    String id = wished == null ? RunIds.fresh(engine.clock().now()) : wished;
    Workflow workflow = definition.resolved().workflow();
    if (definition.simulated()) {
      terminal.say(Banner.simulated(definition.resolved(), task.source().path()));
    }
    try (Views views = new Views(context, options, id, engine.clock())) {
      Run run =
          engine.begin(
              new WorkflowEngine.Start(
                  id,
                  definition,
                  task.inputs(),
                  options.limits(workflow.limits()),
                  task.approved(),
                  task.source().file()),
              task.checked(),
              views.people(engine.validator()),
              views.observer());
      terminal.say("Run " + id + " of " + workflow.name());
      return views.end(Session.drive(run, interruption));
    }
  }
}
