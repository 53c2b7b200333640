package dev.workflow.cli;

import dev.workflow.assembly.Fork;
import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Journal.RunBusyException;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.mcp.Trust;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code workflow fork}. */
@Command(
    name = "fork",
    description = {
      "Begins a new run that goes on from a step of another.",
      "Only the step and what depends on it run again; all else is taken over from the other run,"
          + " which stays as it is."
    },
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  workflow fork last --at check",
      "  workflow fork last --at research --output '{\"options\":[\"Raglan\"]}'",
      "  workflow fork 261121-k3 --at 'days[2]' --model gpt-5=anthropic/claude-sonnet-4-5"
    })
final class ForkCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "Id of a run, a unique beginning of it, or last.")
  private String from = "";

  @Option(
      names = "--at",
      paramLabel = "STEP",
      required = true,
      description = "The step that runs again, such as check, days[2] or release/notes.")
  private String at = "";

  @Option(
      names = "--output",
      paramLabel = "JSON|@FILE",
      description = "The output that the step is to have; then it does not run itself.")
  private @Nullable String injected;

  @Mixin private GivenInputs inputs = new GivenInputs();

  @Option(
      names = "--model",
      paramLabel = "ALIAS=PROVIDER/MODEL",
      description = "Serves a model alias by this model; steps that use it run again.")
  private Map<String, String> models = new LinkedHashMap<>();

  @Option(
      names = "--yes",
      description =
          "Approves every question without a form and writes that would be repeated; never trust,"
              + " a call in doubt or what is destructive.")
  private boolean yes;

  @Option(
      names = "--trust",
      description = "Approves the servers of the run, for the new one and its resumes.")
  private boolean trust;

  @Option(names = "--run-id", paramLabel = "ID", description = "Id of the new run (default drawn).")
  private @Nullable String runId;

  @Option(
      names = "-o",
      paramLabel = "FORMAT",
      description = "What standard output carries: ${COMPLETION-CANDIDATES} (default text).")
  private OutputFormat output = OutputFormat.text;

  @Option(
      names = "--progress",
      paramLabel = "KIND",
      description =
          "How progress is shown on standard error: ${COMPLETION-CANDIDATES}"
              + " (default auto: live in a terminal, else plain).")
  private RunOptions.Progress progress = RunOptions.Progress.auto;

  private final Context context;
  private final Terminal terminal;

  ForkCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  @Override
  public Integer call() {
    if (runId != null && !RunIds.isValid(runId)) {
      throw new UsageException("--run-id: expected at most 64 letters, digits, - and _.");
    }
    StepPath step = path();
    JsonNode given = injected();
    Map<String, ModelRef> chosen = ModelOptions.chosen(models);
    WorkflowEngine engine = new EngineOptions().open(context);
    try (Interruption interruption = Interruption.watch(engine)) {
      RunSummary summary = RunNames.summary(engine.journal(), from);
      if (summary.driven()) {
        throw new RunBusyException(
            "Another process drives run "
                + summary.run()
                + ". Fork it when it has ended or paused.");
      }
      if (summary.simulated() && !chosen.isEmpty()) {
        throw new UsageException(
            "--model: run " + summary.run() + " has scripted answers, which no model gives.");
      }
      List<Problem> unusable = unusable(engine, chosen);
      if (!unusable.isEmpty()) {
        return refused(unusable);
      }
      String id = runId == null ? RunIds.fresh(engine.clock().now()) : runId;
      if (RunNames.isTaken(engine.journal(), id)) {
        throw new UsageException("--run-id " + id + ": there is a run of that id already.");
      }
      RunState original = engine.state(summary.run());
      Set<String> approved = approved(engine, original);
      if (approved == null) {
        return ExitCode.UNTRUSTED;
      }
      Fork fork =
          engine.fork(
              new Fork.Wish(
                  id, summary.run(), step, given, inputs.given(engine.documents()), chosen),
              approved);
      if (!fork.problems().isEmpty()) {
        return refused(fork.problems());
      }
      if (!new Repeating(context, yes).confirm(fork.repeated())) {
        return ExitCode.WAITING;
      }
      return begin(engine, fork, summary.run(), interruption);
    }
  }

  private int begin(WorkflowEngine engine, Fork fork, String original, Interruption interruption) {
    String id = fork.run();
    engine.record(fork);
    terminal.say("Run " + id + " is a fork of run " + original + " at " + at);
    RunOptions options = RunOptions.of(output, progress, yes);
    try (Views views = new Views(context, options, id, engine.clock())) {
      Run run =
          engine.resume(
              id, null, false, null, views.people(engine.validator()), views.observer());
      views.takeUp(engine.state(id));
      return views.end(Session.drive(run, interruption));
    }
  }

  private StepPath path() {
    try {
      return StepPath.parse(at);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--at " + at + ": " + e.getMessage());
    }
  }

  private @Nullable JsonNode injected() {
    if (injected == null) {
      return null;
    }
    String text = injected;
    try {
      if (text.startsWith("@")) {
        text = Files.readString(Path.of(text.substring(1)));
      }
      JsonNode value = JsonMapper.shared().readTree(text);
      if (!value.isMissingNode()) {
        return value;
      }
    } catch (IOException e) {
      throw new UsageException("--output: the file " + text.substring(1) + " cannot be read.");
    } catch (JacksonException noJson) {
      // Said below, as for an empty text.
    }
    throw new UsageException(
        "--output: expected JSON such as '{\"score\":1}', found "
            + (text.isBlank() ? "nothing" : "'" + text.strip() + "'")
            + ". Quote the whole argument for the shell.");
  }

  /** Keys of servers approved for this run alone; null: somebody did not approve. */
  private @Nullable Set<String> approved(WorkflowEngine engine, RunState original) {
    List<Trust.Question> questions = engine.untrusted(original);
    if (questions.isEmpty()) {
      return Set.of();
    }
    if (!new Trusting(context, engine.trust(), trust).approve(questions)) {
      return null;
    }
    return trust ? TrustedCheck.keys(questions, Set.of()) : Set.of();
  }

  private static List<Problem> unusable(WorkflowEngine engine, Map<String, ModelRef> chosen) {
    List<Problem> problems = new ArrayList<>();
    chosen.forEach(
        (alias, model) -> {
          Optional<String> why = engine.models().unusable(model);
          why.ifPresent(
              reason ->
                  problems.add(
                      Problem.missing(
                          "unusable-model",
                          Place.file("--model " + alias),
                          "%s cannot be used: %s".formatted(model.name(), reason),
                          null)));
        });
    return problems;
  }

  private int refused(List<Problem> problems) {
    terminal.problems(problems);
    if (output == OutputFormat.json) {
      terminal.json(ProblemJson.errors(problems));
    }
    return problems.stream().anyMatch(each -> each.kind() == Problem.Kind.MISSING)
        ? ExitCode.MISSING
        : ExitCode.USAGE;
  }
}
