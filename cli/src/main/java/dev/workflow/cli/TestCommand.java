package dev.workflow.cli;

import dev.workflow.assembly.CaseFiles;
import dev.workflow.assembly.CaseOutcome;
import dev.workflow.assembly.Cases;
import dev.workflow.assembly.Coverage;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Skill;
import dev.workflow.trace.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow test} and {@code workflow skill test}. */
final class TestCommand {
  private final Argument<List<String>> skills =
      Argument.parameters("NAME", String.class, "Skills, by name or by folder.");
  private final Argument<List<Path>> paths =
      Argument.parameters(
          "PATH",
          Path.class,
          "Files of cases, workflows with cases beside them, and folders that hold such.");
  private final Argument<List<String>> only =
      Argument.options(
          "--case=TEXT", String.class, "Runs only the cases whose name contains the text.");
  private final Argument<Format> output =
      Argument.option(
          "-o, --output=FORMAT",
          Format.text,
          "What standard output carries: ${COMPLETION-CANDIDATES} (default text).");
  private final EngineOptions engineOptions = new EngineOptions();
  private final Context context;

  TestCommand(Context context) {
    this.context = context;
  }

  /** What standard output carries. */
  enum Format {
    text,
    json,
    junit
  }

  Command command() {
    return new Command(
            this::call, "Runs the cases of workflows and skills: no keys, servers or waiting.")
        .takes(paths, only, output, engineOptions)
        .footer(
            "",
            "Examples:",
            "  workflow test workflows-examples skills",
            "  workflow test travel.yaml --case weather",
            "  workflow test . -o junit > report.xml",
            "",
            "The cases of travel.yaml stand in travel.cases.yaml beside it, those of a skill in its",
            "folder cases. In them models follow scripted answers, tools are mocked, and time passes",
            "only when nothing else is left to do. Exit code 1: a case failed.");
  }

  /** The cases of skills. */
  Command ofSkills() {
    return new Command(this::callOfSkills, "Runs the cases of skills, as workflow test does.")
        .takes(skills, only, output, engineOptions)
        .footer(
            "",
            "Examples:",
            "  workflow skill test travel-plan",
            "  workflow skill test travel-plan safety-check -o junit > report.xml",
            "",
            "The cases of a skill stand in its folder cases. Exit code 1: a case failed.");
  }

  private int call() {
    List<Path> files = files(paths.value());
    try (WorkflowEngine engine = engineOptions.open(context)) {
      return test(engine, files);
    }
  }

  private int callOfSkills() {
    try (WorkflowEngine engine = engineOptions.open(context)) {
      List<Path> folders = new ArrayList<>();
      for (String name : skills.value()) {
        Skill skill = engine.skills().named(name, SkillOptions.here()).skill();
        folders.add(Path.of(skill.folder()));
      }
      return test(engine, files(folders));
    }
  }

  private int test(WorkflowEngine engine, List<Path> files) {
    List<Cases.Tested> tested = new ArrayList<>();
    files.forEach(file -> tested.add(engine.cases().test(file, this::isWanted)));
    if (!only.value().isEmpty()
        && tested.stream()
            .allMatch(each -> each.problems().isEmpty() && each.outcomes().isEmpty())) {
      throw new UsageException(
          "No case has a name that contains " + String.join(" or ", only.value()));
    }
    switch (output.value()) {
      case text -> print(tested);
      case json -> context.terminal().json(json(tested));
      case junit -> context.terminal().data(CaseXml.of(tested));
    }
    List<Problem> problems = tested.stream().flatMap(each -> each.problems().stream()).toList();
    if (!problems.isEmpty()) {
      return ExitCode.of(problems, false);
    }
    return tested.stream().allMatch(Cases.Tested::passed) ? ExitCode.SUCCEEDED : ExitCode.FAILED;
  }

  private boolean isWanted(String name) {
    return only.value().isEmpty() || only.value().stream().anyMatch(name::contains);
  }

  private static List<Path> files(List<Path> paths) {
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new UsageException(path + ": there is no such file or folder.");
      }
      try {
        List<Path> found = CaseFiles.at(path);
        if (found.isEmpty()) {
          throw new UsageException(
              path
                  + ": there are no cases. Those of NAME.yaml stand in NAME.cases.yaml beside it,"
                  + " those of a skill in its folder cases.");
        }
        files.addAll(found);
      } catch (IOException e) {
        throw new UncheckedIOException(path + " cannot be read: " + e.getMessage(), e);
      }
    }
    return files.stream().distinct().toList();
  }

  private void print(List<Cases.Tested> all) {
    int passed = 0;
    int failed = 0;
    for (Cases.Tested tested : all) {
      context.terminal().data(tested.file().toString());
      context.terminal().problems(tested.problems());
      for (CaseOutcome outcome : tested.outcomes()) {
        String mark = outcome.passed() ? "  ● " : "  ✗ ";
        context.terminal().data(mark + outcome.tested().name());
        outcome.failures().forEach(this::print);
        passed += outcome.passed() ? 1 : 0;
        failed += outcome.passed() ? 0 : 1;
      }
      if (tested.coverage() != null) {
        context.terminal().data("  " + covered(tested.coverage()));
      }
      tested.shortfalls().forEach(this::print);
    }
    context
        .terminal()
        .data(
            Words.counted(passed + failed, "case")
                + ": "
                + passed
                + " passed"
                + (failed == 0 ? "" : ", " + failed + " failed"));
  }

  private void print(CaseOutcome.Failure failure) {
    context.terminal().data("      " + place(failure.place()) + failure.message());
    failure.details().stream()
        .filter(detail -> !detail.isBlank())
        .flatMap(String::lines)
        .forEach(detail -> context.terminal().data("        " + detail));
  }

  static String place(Place place) {
    return ProblemText.where(place) + ": ";
  }

  private static String covered(Coverage coverage) {
    StringBuilder text = new StringBuilder();
    text.append(ratio("steps", coverage.stepsBegun(), coverage.stepCount(), coverage.steps()));
    if (coverage.branchCount() > 0) {
      text.append(", ")
          .append(
              ratio("branches", coverage.waysGone(), coverage.branchCount(), coverage.branches()));
    }
    return text.toString();
  }

  private static String ratio(String what, int some, int all, double percent) {
    return "%s %d of %d (%s %%)"
        .formatted(what, some, all, String.format(Locale.ROOT, "%.0f", Math.floor(percent)));
  }

  private static ObjectNode json(List<Cases.Tested> all) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("ok", all.stream().allMatch(Cases.Tested::passed));
    ArrayNode files = answer.putArray("files");
    for (Cases.Tested tested : all) {
      ObjectNode file = files.addObject();
      file.put("file", tested.file().toString());
      file.put("ok", tested.passed());
      ArrayNode problems = file.putArray("problems");
      tested.problems().forEach(problem -> problems.add(ProblemJson.of(problem)));
      ArrayNode cases = file.putArray("cases");
      for (CaseOutcome outcome : tested.outcomes()) {
        ObjectNode one = cases.addObject();
        one.put("name", outcome.tested().name());
        one.put("ok", outcome.passed());
        one.put("seconds", outcome.took().toNanos() / 1e9);
        failures(one.putArray("failures"), outcome.failures());
      }
      Coverage coverage = tested.coverage();
      if (coverage != null) {
        ObjectNode covered = file.putObject("coverage");
        covered.put("steps", coverage.steps());
        covered.put("branches", coverage.branches());
        texts(covered.putArray("never_begun"), coverage.neverBegun());
        texts(covered.putArray("never_taken"), coverage.neverTaken());
        texts(covered.putArray("never_left"), coverage.neverLeft());
      }
      failures(file.putArray("shortfalls"), tested.shortfalls());
    }
    return answer;
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }

  private static void failures(ArrayNode array, List<CaseOutcome.Failure> failures) {
    for (CaseOutcome.Failure failure : failures) {
      ObjectNode one = array.addObject();
      one.put("file", failure.place().file());
      one.put("line", failure.place().line());
      one.put("column", failure.place().column());
      one.put("message", failure.message());
      texts(one.putArray("details"), failure.details());
    }
  }
}
