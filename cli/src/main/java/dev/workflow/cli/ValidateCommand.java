package dev.workflow.cli;

import dev.workflow.assembly.CaseFiles;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.check.Locks.Mode;
import dev.workflow.definition.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow validate}, and {@code workflow skill validate} for skills alone. */
final class ValidateCommand {
  private final Argument<List<Path>> paths;
  private final Argument<Boolean> strict;
  private final Argument<Boolean> probe =
      Argument.flag("--probe", "Starts the servers, to verify their tools.");
  private final Argument<ReportFormat> output =
      Argument.option(
          "-o, --output, --format=FORMAT",
          ReportFormat.text,
          "What standard output carries: ${COMPLETION-CANDIDATES} (default text).");
  private final ModelOptions models = new ModelOptions();
  private final EngineOptions engineOptions = new EngineOptions();
  private final LockOption lock = new LockOption();
  private final Context context;
  private final boolean onlySkills;

  private ValidateCommand(Context context, boolean onlySkills, String paths, String strict) {
    this.context = context;
    this.onlySkills = onlySkills;
    this.paths = Argument.parameters("PATH", Path.class, paths);
    this.strict = Argument.flag("--strict", strict);
  }

  ValidateCommand(Context context) {
    this(
        context,
        false,
        "Workflow files, folders of skills, folders with any of them, and quoted patterns such as"
            + " \"flows/**/*.yaml\".",
        "Fails on what could not be verified, and on what deviates from the specification of"
            + " Agent Skills, too.");
  }

  static ValidateCommand ofSkills(Context context) {
    return new ValidateCommand(
        context,
        true,
        "Folders of skills, folders with any of them, and quoted patterns such as"
            + " \"skills/travel-*\".",
        "Fails on what deviates from the specification of Agent Skills, too.");
  }

  Command command() {
    if (onlySkills) {
      return new Command(
              this::call, "Checks skills and tells everything that is wrong. Starts nothing.")
          .takes(paths, strict, output)
          .footer(
              "",
              "Examples:",
              "  workflow skill validate skills/travel-plan",
              "  workflow skill validate skills --format junit > skills.xml",
              "  workflow skill validate ~/.claude/skills --strict -o json");
    }
    return new Command(
            this::call,
            "Checks workflows and skills and tells everything that is wrong. Starts nothing.")
        .takes(paths, strict, probe, output, models, engineOptions, lock)
        .footer(
            "",
            "Examples:",
            "  workflow validate travel.yaml",
            "  workflow validate workflows-examples --strict",
            "  workflow validate travel.yaml --probe -o json",
            "  workflow validate . -o sarif > workflow.sarif",
            "",
            "What only a running server could tell is unverified: --probe starts the servers",
            "and looks, --strict counts it as an error.");
  }

  private int call() {
    List<Outcome> outcomes = new ArrayList<>();
    List<Checkable> found =
        onlySkills ? Checkables.skillsIn(paths.value()) : Checkables.in(paths.value());
    try (WorkflowEngine engine = engineOptions.open(context)) {
      lock.apply(engine, context, Mode.TELL);
      found.forEach(
          each -> outcomes.add(each.isSkill() ? skill(engine, each) : file(engine, each)));
    }
    List<Problem> all = outcomes.stream().flatMap(each -> each.problems().stream()).toList();
    int exitCode = ExitCode.of(all, strict.value());
    SourceRoot root = SourceRoot.of(context.environment());
    Terminal terminal = context.terminal();
    switch (output.value()) {
      case text -> print(outcomes);
      case json -> terminal.json(json(outcomes, exitCode));
      case sarif -> terminal.prettyJson(Sarif.of(outcomes, strict.value(), root, exitCode));
      case junit -> terminal.data(CheckXml.of(outcomes, root));
      case github -> GithubCommands.of(outcomes, strict.value(), root).forEach(terminal::data);
    }
    return exitCode;
  }

  private Outcome file(WorkflowEngine engine, Checkable subject) {
    CheckRequest request =
        new CheckRequest(subject.path(), null, probe.value(), models.wishes(engine), Map.of());
    Checked checked = engine.check(request, Set.of());
    if (checked.tools() != null) {
      checked.tools().close();
    }
    Checked.Definition definition = checked.definition();
    int steps = definition == null ? 0 : definition.resolved().workflow().steps().size();
    List<Problem> problems = new ArrayList<>(checked.problems());
    problems.addAll(inCases(engine, CaseFiles.ofWorkflow(subject.path())));
    return new Outcome(subject, problems, steps, strict.value());
  }

  private Outcome skill(WorkflowEngine engine, Checkable subject) {
    List<Problem> problems = new ArrayList<>(engine.skills().check(subject.path(), strict.value()));
    try {
      problems.addAll(inCases(engine, CaseFiles.ofSkill(subject.path())));
    } catch (IOException e) {
      throw new UncheckedIOException(subject.path() + " cannot be read: " + e.getMessage(), e);
    }
    return new Outcome(subject, problems, 0, strict.value());
  }

  private static List<Problem> inCases(WorkflowEngine engine, List<Path> files) {
    return files.isEmpty() ? List.of() : engine.cases().problems(files);
  }

  private void print(List<Outcome> outcomes) {
    for (Outcome outcome : outcomes) {
      context.terminal().problems(outcome.problems());
      if (!outcome.problems().isEmpty()) {
        context.terminal().say("");
      }
      context.terminal().data(outcome.subject().path() + ": " + outcome.verdict());
    }
  }

  private static ObjectNode json(List<Outcome> outcomes, int exitCode) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("ok", exitCode == ExitCode.SUCCEEDED);
    ArrayNode files = answer.putArray("files");
    for (Outcome outcome : outcomes) {
      ObjectNode file = files.addObject();
      file.put("file", outcome.subject().path().toString());
      file.put("ok", outcome.exitCode() == ExitCode.SUCCEEDED);
      ArrayNode problems = file.putArray("problems");
      outcome.problems().forEach(problem -> problems.add(ProblemJson.of(problem)));
    }
    return answer;
  }
}
