package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.RunInputs;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Documents;
import dev.workflow.mcp.Trust;
import dev.workflow.run.RunState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code workflow run}. */
@Command(
    name = "run",
    description = "Runs a workflow.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The workflow file; - reads standard input.")
  private Path file = Path.of("");

  @Mixin private GivenInputs inputs = new GivenInputs();
  @Mixin private RunOptions options = new RunOptions();
  @Mixin private EngineOptions engineOptions = new EngineOptions();

  @Option(
      names = "--model",
      paramLabel = "ALIAS=PROVIDER/MODEL",
      description = "Serves a model alias by one model.")
  private Map<String, String> models = new LinkedHashMap<>();

  @Option(
      names = "--simulate",
      description = "Uses the workflow's scripted answers even where models are configured.")
  private boolean simulate;

  @Option(names = "--require-model", description = "Refuses scripted answers.")
  private boolean requireModel;

  @Option(
      names = "--trust",
      description = "Approves the servers of the workspace and the workflow, for this run.")
  private boolean trust;

  @Option(names = "--dry-run", description = "Shows what would be done; starts nothing.")
  private boolean dryRun;

  @Option(names = "--run-id", paramLabel = "ID", description = "The id of the run. Default: drawn.")
  private @Nullable String runId;

  private final Terminal terminal = Terminal.ofProcess();

  @Override
  public Integer call() {
    if (runId != null && !RunIds.isValid(runId)) {
      throw new UsageException(
          "--run-id: expected letters, digits, - and _ (at most 64), found '" + runId + "'.");
    }
    try (WorkflowEngine engine = engineOptions.open()) {
      return run(engine);
    }
  }

  private int run(WorkflowEngine engine) {
    Source source = Source.of(file);
    Documents.Reading reading = source.read(engine.documents());
    JsonNode values = null;
    if (reading.workflow() != null) {
      RunInputs.Inputs checked =
          new RunInputs(engine.validator())
              .check(reading.workflow().inputSchema(), inputs.given(engine.documents()));
      if (!checked.problems().isEmpty()) {
        terminal.problems(checked.problems());
        terminal.say(inputs.example(file, reading.workflow()));
        return ExitCode.USAGE;
      }
      values = checked.values();
    }
    Set<String> approved = Set.of();
    Checked checked = engine.check(request(engine, source, !dryRun), approved);
    List<Trust.Question> questions = engine.untrusted(checked, approved);
    if (checked.worst() == Problem.Kind.UNTRUSTED && !questions.isEmpty()) {
      Trusting trusting = new Trusting(terminal, engine.trust(), trust);
      if (!trusting.approve(questions, file)) {
        return ExitCode.UNTRUSTED;
      }
      approved = trust ? keys(questions) : approved;
      close(checked);
      checked = engine.check(request(engine, source, true), approved);
    }
    terminal.problems(checked.problems());
    Checked.Definition definition = checked.definition();
    if (!checked.isOk() || definition == null || values == null) {
      close(checked);
      return ExitCode.of(checked.problems());
    }
    if (dryRun) {
      close(checked);
      new DryRun(terminal, options.output()).print(definition, values);
      return ExitCode.SUCCEEDED;
    }
    return start(engine, definition, checked, approved, values);
  }

  private static void close(Checked checked) {
    if (checked.tools() != null) {
      checked.tools().close();
    }
  }

  private CheckRequest request(WorkflowEngine engine, Source source, boolean probe) {
    return new CheckRequest(
        source.path(),
        source.text(),
        probe,
        new ModelWishes(simulate, requireModel, engine.sharedModels(), chosen()),
        Map.of());
  }

  private Map<String, ModelRef> chosen() {
    Map<String, ModelRef> chosen = new LinkedHashMap<>();
    models.forEach(
        (alias, name) -> {
          try {
            chosen.put(alias, ModelRef.parse(name));
          } catch (IllegalArgumentException e) {
            throw new UsageException("--model " + alias + ": " + e.getMessage());
          }
        });
    return chosen;
  }

  private static Set<String> keys(List<Trust.Question> questions) {
    return questions.stream().map(Trust.Question::key).collect(Collectors.toUnmodifiableSet());
  }

  private int start(
      WorkflowEngine engine,
      Checked.Definition definition,
      Checked checked,
      Set<String> approved,
      JsonNode values) {
    String id = runId == null ? RunIds.fresh(engine.clock().now()) : runId;
    Limits limits = options.limits(definition.resolved().workflow().limits());
    if (definition.simulated()) {
      terminal.say(Banner.simulated(definition.resolved()));
    }
    terminal.say("run " + id + " of " + definition.resolved().workflow().name());
    Views views = new Views(terminal, options, id);
    Run run =
        engine.begin(
            new WorkflowEngine.Start(id, definition, values, limits, approved),
            checked,
            options.people(views.people()),
            views.observer());
    RunState state = Session.drive(run);
    return views.end(state);
  }
}
