package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.trace.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow skill validate}. */
final class SkillValidation {
  private final Argument<List<Path>> paths =
      Argument.parameters(
          "PATH", Path.class, "Folders of skills, and folders below which skills are meant.");
  private final Argument<Boolean> strict =
      Argument.flag(
          "--strict", "Counts what deviates from the specification of Agent Skills as errors.");
  private final Argument<ValidateCommand.Format> output = SkillCommand.output();
  private final Context context;

  SkillValidation(Context context) {
    this.context = context;
  }

  /** A folder and what the check found. */
  private record Result(Path folder, List<Problem> problems) {
    boolean ok() {
      return ExitCode.of(problems, false) == ExitCode.SUCCEEDED;
    }

    String verdict() {
      long errors = count(Severity.ERROR);
      long warnings = count(Severity.WARNING);
      return (errors == 0 ? "ok" : Words.counted(errors, "error"))
          + (warnings == 0 ? "" : ", " + Words.counted(warnings, "warning"));
    }

    private long count(Severity severity) {
      return problems.stream().filter(problem -> problem.severity() == severity).count();
    }
  }

  Command command() {
    return new Command(
            this::call, "Checks skills and tells everything that is wrong. Starts nothing.")
        .takes(paths, strict, output)
        .footer(
            "",
            "Examples:",
            "  workflow skill validate skills/travel-plan",
            "  workflow skill validate ~/.claude/skills --strict -o json");
  }

  private int call() {
    List<Result> results = new ArrayList<>();
    try (WorkflowEngine engine = new EngineOptions().open(context)) {
      for (Path path : paths.value()) {
        for (Path folder : engine.skills().below(path)) {
          results.add(new Result(folder, engine.skills().check(folder, strict.value())));
        }
      }
    }
    switch (output.value()) {
      case text -> print(results);
      case json -> context.terminal().json(json(results));
    }
    return ExitCode.of(
        results.stream().flatMap(result -> result.problems().stream()).toList(), false);
  }

  private void print(List<Result> results) {
    for (Result result : results) {
      context.terminal().problems(result.problems());
      if (!result.problems().isEmpty()) {
        context.terminal().say("");
      }
      context.terminal().data(result.folder() + ": " + result.verdict());
    }
  }

  private static ObjectNode json(List<Result> results) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("ok", results.stream().allMatch(Result::ok));
    ArrayNode skills = answer.putArray("skills");
    for (Result result : results) {
      ObjectNode skill = skills.addObject();
      skill.put("folder", result.folder().toString());
      skill.put("ok", result.ok());
      ArrayNode problems = skill.putArray("problems");
      result.problems().forEach(problem -> problems.add(ProblemJson.of(problem)));
    }
    return answer;
  }
}
