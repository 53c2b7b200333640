package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.assembly.RunDigest;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.Locks.Mode;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Workflow;
import dev.workflow.run.RunState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Begins a run: what {@code run} and the commands of plans share. */
final class Launch implements Arguments {
  private final RunOptions options = new RunOptions();
  private final EngineOptions engineOptions = new EngineOptions();
  private final LockOption lock = new LockOption();
  private final Argument<Boolean> trust =
      Argument.flag(
          "--trust",
          "Approves the servers that the workspace and the workflow define, for this run and its"
              + " resumes.");
  private final Argument<@Nullable String> runId =
      Argument.optionOrNull("--run-id=ID", String.class, "The id of the run (default drawn).");
  private final Context context;
  private final Terminal terminal;

  Launch(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  /** How a run that was driven is told of; gives the exit code. */
  interface Teller extends BiFunction<Views, RunState, Integer> {}

  /**
   * What is to be run.
   *
   * @param inputs that fit it
   */
  record Task(Source source, Checked checked, JsonNode inputs, Set<String> approved) {

    /** What was found without errors. */
    Checked.Definition definition() {
      Checked.Definition definition = checked.definition();
      if (definition == null) {
        throw new IllegalStateException("What is not sound is not run");
      }
      return definition;
    }

    void close() {
      TrustedCheck.close(checked);
    }
  }

  @Override
  public List<Argument<?>> each() {
    return Stream.of(options, engineOptions, lock, trust, runId)
        .flatMap(some -> some.each().stream())
        .toList();
  }

  RunOptions options() {
    return options;
  }

  /** An engine, after a look at what the command line says. */
  WorkflowEngine open() {
    String wished = runId.value();
    if (wished != null && !RunIds.isValid(wished)) {
      throw new UsageException(
          "--run-id: expected at most 64 letters, digits, - and _ and not the word last, found '"
              + wished
              + "'.");
    }
    options.limits(Limits.DEFAULT);
    options.answers();
    WorkflowEngine engine = engineOptions.open(context);
    lock.apply(engine, context, Mode.STOP);
    return engine;
  }

  /** The id must be free. */
  void claim(WorkflowEngine engine) {
    String wished = runId.value();
    if (wished != null && RunNames.isTaken(engine.journal(), wished)) {
      throw new UsageException(
          "--run-id %s: there is a run of that id already. Choose another id, or go on with it: %s"
              .formatted(wished, context.line("resume", wished)));
    }
  }

  /**
   * Checks, and asks for the approval of servers where that is all that is missing; where they are
   * approved already, what else is missing is told of them, too.
   *
   * @param learned durations of earlier runs, by step
   * @return null when the approval was not given
   */
  @Nullable Task check(
      WorkflowEngine engine,
      Source source,
      JsonNode inputs,
      boolean probe,
      ModelWishes wishes,
      Map<String, Duration> learned) {
    CheckRequest request = new CheckRequest(source.path(), source.text(), probe, wishes, learned);
    TrustedCheck.Outcome outcome =
        new TrustedCheck(context, engine, trust.value()).check(request, Set.of());
    if (outcome.refused()) {
      printErrors(outcome.checked().problems());
      return null;
    }
    return new Task(source, outcome.checked(), inputs, outcome.approved());
  }

  /** What keeps a task from being run; empty: nothing. */
  List<Problem> against(Task task) {
    Checked checked = task.checked();
    return !checked.isOk() || checked.definition() == null
        ? checked.problems()
        : unpriced(task.definition());
  }

  /** What the check says of a limit in the workflow, for one of the command line. */
  private List<Problem> unpriced(Checked.Definition definition) {
    Limits limits = limits(definition);
    Set<String> models = definition.unpriced();
    return limits.budget().cost() == null || models.isEmpty()
        ? List.of()
        : List.of(
            Problem.missing(
                Rule.UNKNOWN_PRICE,
                Place.file("--limit cost"),
                "The price of %s is not known, so the cost cannot be limited."
                    .formatted(String.join(", ", models)),
                "Give it with --prices FILE, or remove the limit."));
  }

  private Limits limits(Checked.Definition definition) {
    return options.limits(definition.resolved().workflow().limits());
  }

  /** What a task would do. */
  DryRun dryRun(WorkflowEngine engine, Task task) {
    Checked.Definition definition = task.definition();
    boolean open =
        task.checked().problems().stream()
            .anyMatch(problem -> problem.severity() == Severity.UNVERIFIED);
    return DryRun.of(engine, definition, task.inputs(), limits(definition), open);
  }

  /** Refuses a task that is another one than was shown; empty: it is the one. */
  List<Problem> differences(WorkflowEngine engine, Task task, RunDigest shown) {
    RunDigest digest = dryRun(engine, task).digest();
    List<String> differences =
        digest == null ? List.of("what is known") : digest.differences(shown);
    return differences.isEmpty()
        ? List.of()
        : List.of(
            new Problem(
                Severity.ERROR,
                Problem.Kind.UNTRUSTED,
                Rule.DIGEST_MISMATCH,
                Place.file("--digest"),
                "Expected the run that was shown, found another one. What differs: %s."
                    .formatted(String.join("; ", differences)),
                "Look at it with --dry-run, and give the digest that is printed there."));
  }

  /** Says why nothing is run. */
  int refused(List<Problem> problems) {
    terminal.problems(problems);
    printErrors(problems);
    return ExitCode.of(problems, false);
  }

  void printErrors(List<Problem> problems) {
    if (options.output() == OutputFormat.json) {
      terminal.json(ProblemJson.errors(problems));
    }
  }

  /** Begins the run and drives it. */
  int start(WorkflowEngine engine, Task task, Interruption interruption, Teller teller) {
    String wished = runId.value();
    String id = wished == null ? RunIds.fresh(engine.clock().now()) : wished;
    Checked.Definition definition = task.definition();
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
                  limits(definition),
                  task.approved(),
                  task.source().file()),
              task.checked(),
              views.people(engine.validator(), Set.of()),
              views.observer());
      terminal.say("Run " + id + " of " + workflow.name());
      return teller.apply(views, Session.drive(run, interruption));
    }
  }
}
