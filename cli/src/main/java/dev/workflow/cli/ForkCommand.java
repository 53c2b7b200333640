package dev.workflow.cli;

import dev.workflow.assembly.Fork;
import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Journal.RunBusyException;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.mcp.Trust;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code workflow fork}. */
final class ForkCommand {
  private final Argument<String> from =
      Argument.parameter("RUN", String.class, "Id of a run, a unique beginning of it, or last.");
  private final Argument<@Nullable String> at =
      Argument.optionOrNull(
          "--at=STEP",
          String.class,
          "The step that runs again, such as check, days[2] or release/notes. Required.");
  private final Argument<@Nullable String> injected =
      Argument.optionOrNull(
          "--output=JSON|@FILE",
          String.class,
          "The output that the step is to have; then it does not run itself.");
  private final GivenInputs inputs = new GivenInputs();
  private final Argument<Map<String, String>> models =
      Argument.pairs(
          "--model=ALIAS=PROVIDER/MODEL",
          "Serves a model alias by this model; steps that use it run again.");
  private final Argument<List<Path>> prices = ModelOptions.pricesOption();
  private final RunOptions options = new RunOptions("-o=FORMAT");
  private final CacheOption cache = new CacheOption();
  private final Argument<Boolean> trust =
      Argument.flag("--trust", "Approves the servers of the run, for the new one and its resumes.");
  private final Argument<@Nullable String> runId =
      Argument.optionOrNull("--run-id=ID", String.class, "The id of the new run (default drawn).");
  private final Context context;
  private final Terminal terminal;

  ForkCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command command() {
    return new Command(
            this::call,
            "Begins a new run that goes on from a step of another.",
            "Only the step and what depends on it run again; all else is taken over from the other"
                + " run, which stays as it is. --yes confirms writes that would be repeated, too.")
        .takes(from, at, injected, inputs, models, prices, options, cache, trust, runId)
        .footer(
            "",
            "Examples:",
            "  workflow fork last --at check",
            "  workflow fork last --at research --output '{\"options\":[\"Raglan\"]}'",
            "  workflow fork 261121-k3 --at 'days[2]' --model gpt-5=anthropic/claude-sonnet-4-5");
  }

  private int call() {
    String wished = runId.value();
    if (wished != null && !RunIds.isValid(wished)) {
      throw new UsageException(
          "--run-id: expected at most 64 letters, digits, - and _ and not the word last, found '"
              + wished
              + "'.");
    }
    options.answers();
    StepPath step = path();
    JsonNode given = output();
    Map<String, ModelRef> chosen = ModelOptions.chosen(models.value());
    WorkflowEngine engine = new EngineOptions().open(context);
    cache.apply(engine);
    try (Interruption interruption = Interruption.watch(engine)) {
      RunSummary summary = RunNames.summary(engine.journal(), from.value());
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
      String id = wished == null ? RunIds.fresh(engine.clock().now()) : wished;
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
                  id,
                  summary.run(),
                  step,
                  given,
                  inputs.given(engine.documents()),
                  chosen,
                  ModelOptions.prices(engine, prices.value())),
              approved);
      if (!fork.problems().isEmpty()) {
        return refused(fork.problems());
      }
      if (!new Repeating(context, options.yes()).confirm(fork.repeated())) {
        return ExitCode.WAITING;
      }
      return begin(engine, fork, summary.run(), interruption);
    }
  }

  private int begin(WorkflowEngine engine, Fork fork, String original, Interruption interruption) {
    String id = fork.run();
    engine.record(fork);
    RunState state = engine.state(id);
    terminal.say("Run " + id + " is a fork of run " + original + " at " + at.value());
    try (Views views = new Views(context, options, id, engine.clock())) {
      Run run =
          engine.resume(
              id,
              options.limits(state.limits()),
              false,
              null,
              views.people(engine.validator(), Set.of()),
              views.observer());
      Integer refused = Session.refused(context, options.output(), id, run);
      if (refused != null) {
        return refused;
      }
      views.takeUp(state);
      return views.end(Session.drive(run, interruption));
    }
  }

  private StepPath path() {
    String text = at.value();
    if (text == null) {
      throw new UsageException("Say where the new run begins: --at STEP.");
    }
    try {
      return StepPath.parse(text);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--at " + text + ": " + e.getMessage());
    }
  }

  private @Nullable JsonNode output() {
    String text = injected.value();
    if (text == null) {
      return null;
    }
    if (text.startsWith("@")) {
      text = content(Path.of(text.substring(1)));
    }
    try {
      JsonNode value = JsonMapper.shared().readTree(text);
      if (!value.isMissingNode()) {
        return value;
      }
    } catch (JacksonException noJson) {
      // Said below, as for an empty text.
    }
    throw new UsageException(
        "--output: expected JSON such as '{\"score\":1}', found "
            + (text.isBlank() ? "nothing" : "'" + text.strip() + "'")
            + ". Quote the whole argument for the shell.");
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UsageException("--output: the file " + file + " cannot be read.");
    }
  }

  /** Keys of servers approved for this run alone; null: somebody did not approve. */
  private @Nullable Set<String> approved(WorkflowEngine engine, RunState original) {
    List<Trust.Question> questions = engine.untrusted(original);
    if (questions.isEmpty()) {
      return Set.of();
    }
    if (!new Trusting(context, engine.trust(), trust.value()).approve(questions)) {
      return null;
    }
    return trust.value() ? TrustedCheck.keys(questions, Set.of()) : Set.of();
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
                          Rule.UNUSABLE_MODEL,
                          Place.file("--model " + alias),
                          "%s cannot be used: %s".formatted(model.name(), reason),
                          null)));
        });
    return problems;
  }

  private int refused(List<Problem> problems) {
    terminal.problems(problems);
    if (options.output() == OutputFormat.json) {
      terminal.json(ProblemJson.errors(problems));
    }
    return problems.stream().anyMatch(each -> each.kind() == Problem.Kind.MISSING)
        ? ExitCode.MISSING
        : ExitCode.USAGE;
  }
}
