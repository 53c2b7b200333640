package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.check.Locks.Mode;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.trace.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow validate}. */
final class ValidateCommand {
  private final Argument<List<Path>> paths =
      Argument.parameters(
          "PATH", Path.class, "Workflow files, and folders whose workflow files are meant.");
  private final Argument<Boolean> strict =
      Argument.flag("--strict", "Fails on what could not be verified, too.");
  private final Argument<Boolean> probe =
      Argument.flag("--probe", "Starts the servers, to verify their tools.");
  private final Argument<Format> output =
      Argument.option(
          "-o, --output=FORMAT",
          Format.text,
          "What standard output carries: ${COMPLETION-CANDIDATES} (default text).");
  private final ModelOptions models = new ModelOptions();
  private final EngineOptions engineOptions = new EngineOptions();
  private final LockOption lock = new LockOption();
  private final Context context;

  ValidateCommand(Context context) {
    this.context = context;
  }

  /** What standard output carries. */
  enum Format {
    text,
    json
  }

  /** A file and what the check found. */
  private record Result(Path file, List<Problem> problems, int steps) {}

  Command command() {
    return new Command(
            this::call, "Checks workflows and tells everything that is wrong. Starts nothing.")
        .takes(paths, strict, probe, output, models, engineOptions, lock)
        .footer(
            "",
            "Examples:",
            "  workflow validate travel.yaml",
            "  workflow validate workflows-examples --strict",
            "  workflow validate travel.yaml --probe -o json",
            "",
            "What only a running server could tell is unverified: --probe starts the servers",
            "and looks, --strict counts it as an error.");
  }

  private int call() {
    List<Path> files = WorkflowFiles.in(paths.value());
    List<Result> results = new ArrayList<>();
    try (WorkflowEngine engine = engineOptions.open(context)) {
      lock.apply(engine, context, Mode.TELL);
      files.forEach(file -> results.add(check(engine, file)));
    }
    List<Problem> all = results.stream().flatMap(result -> result.problems().stream()).toList();
    switch (output.value()) {
      case text -> print(results);
      case json -> context.terminal().json(json(results, all));
    }
    return ExitCode.of(all, strict.value());
  }

  private Result check(WorkflowEngine engine, Path file) {
    CheckRequest request =
        new CheckRequest(file, null, probe.value(), models.wishes(engine), Map.of());
    Checked checked = engine.check(request, Set.of());
    if (checked.tools() != null) {
      checked.tools().close();
    }
    Checked.Definition definition = checked.definition();
    int steps = definition == null ? 0 : definition.resolved().workflow().steps().size();
    return new Result(file, checked.problems(), steps);
  }

  private void print(List<Result> results) {
    for (Result result : results) {
      context.terminal().problems(result.problems());
      if (!result.problems().isEmpty()) {
        context.terminal().say("");
      }
      context.terminal().data(result.file() + ": " + verdict(result));
    }
  }

  private String verdict(Result result) {
    List<Problem> problems = result.problems();
    long errors = problems.stream().filter(each -> ExitCode.counts(each, strict.value())).count();
    long open = count(problems, Severity.UNVERIFIED);
    long warnings = count(problems, Severity.WARNING);
    StringBuilder verdict = new StringBuilder();
    verdict.append(
        errors == 0
            ? "ok, " + Words.counted(result.steps(), "step")
            : Words.counted(errors, "error"));
    verdict.append(open > 0 && !strict.value() ? ", " + open + " unverified" : "");
    verdict.append(warnings > 0 ? ", " + Words.counted(warnings, "warning") : "");
    return verdict.toString();
  }

  private static long count(List<Problem> problems, Severity severity) {
    return problems.stream().filter(each -> each.severity() == severity).count();
  }

  private ObjectNode json(List<Result> results, List<Problem> all) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("ok", ExitCode.of(all, strict.value()) == ExitCode.SUCCEEDED);
    ArrayNode files = answer.putArray("files");
    for (Result result : results) {
      ObjectNode file = files.addObject();
      file.put("file", result.file().toString());
      file.put("ok", ExitCode.of(result.problems(), strict.value()) == ExitCode.SUCCEEDED);
      ArrayNode problems = file.putArray("problems");
      result.problems().forEach(problem -> problems.add(ProblemJson.of(problem)));
    }
    return answer;
  }
}
