package dev.workflow.cli;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.trace.Words;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the check found of one workflow or skill.
 *
 * @param steps of the workflow; 0: of a skill, or not read
 * @param strict whether what could not be verified counts as an error
 */
record Outcome(Checkable subject, List<Problem> problems, int steps, boolean strict) {
  Outcome {
    problems = List.copyOf(problems);
  }

  /** All problems, each once: a file that others name is checked with each of them. */
  static List<Problem> problems(List<Outcome> outcomes, SourceRoot root) {
    Set<List<Object>> told = new HashSet<>();
    return outcomes.stream()
        .flatMap(outcome -> outcome.problems().stream())
        .filter(problem -> told.add(identity(problem, root)))
        .toList();
  }

  private static List<Object> identity(Problem problem, SourceRoot root) {
    Place place = problem.place();
    return List.of(
        problem.rule(), root.path(place.file()), place.line(), place.column(), problem.message());
  }

  /** The problems that keep it from being used. */
  List<Problem> errors() {
    return problems.stream().filter(problem -> ExitCode.counts(problem, strict)).toList();
  }

  /** The other problems. */
  List<Problem> notes() {
    return problems.stream().filter(problem -> !ExitCode.counts(problem, strict)).toList();
  }

  int exitCode() {
    return ExitCode.of(problems, strict);
  }

  /** What a person reads of it. */
  String verdict() {
    int errors = errors().size();
    long open = count(Severity.UNVERIFIED);
    long warnings = count(Severity.WARNING);
    StringBuilder verdict = new StringBuilder(errors == 0 ? "ok" : Words.counted(errors, "error"));
    if (errors == 0) {
      verdict.append(", ").append(subject.isSkill() ? "skill" : Words.counted(steps, "step"));
    }
    verdict.append(open > 0 && !strict ? ", " + open + " unverified" : "");
    verdict.append(warnings > 0 ? ", " + Words.counted(warnings, "warning") : "");
    return verdict.toString();
  }

  private long count(Severity severity) {
    return problems.stream().filter(each -> each.severity() == severity).count();
  }
}
