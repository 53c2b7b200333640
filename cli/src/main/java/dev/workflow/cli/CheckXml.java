package dev.workflow.cli;

import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import dev.workflow.trace.Words;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of checks as JUnit XML: a test for each workflow and skill. */
final class CheckXml {
  private static final String NAME = "workflow validate";

  private CheckXml() {}

  static String of(List<Outcome> outcomes, SourceRoot root) {
    List<JunitXml.Test> tests = outcomes.stream().map(outcome -> test(outcome, root)).toList();
    return JunitXml.of(NAME, List.of(new JunitXml.Suite(NAME, tests)));
  }

  private static JunitXml.Test test(Outcome outcome, SourceRoot root) {
    String path = root.path(outcome.subject().path().toString());
    String notes = outcome.notes().isEmpty() ? "" : ProblemText.of(outcome.notes());
    return new JunitXml.Test(
        outcome.subject().isSkill() ? "skill" : "workflow",
        path,
        path,
        0,
        trouble(outcome.errors()),
        notes);
  }

  private static JunitXml.@Nullable Trouble trouble(List<Problem> errors) {
    if (errors.isEmpty()) {
      return null;
    }
    Problem first = errors.get(0);
    String more = errors.size() == 1 ? "" : " (1 of " + Words.counted(errors.size(), "error") + ")";
    return new JunitXml.Trouble(
        false, first.rule().id(), first.message() + more, ProblemText.of(errors));
  }
}
