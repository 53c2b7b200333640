package dev.workflow.cli;

import dev.workflow.assembly.CaseOutcome;
import dev.workflow.assembly.Cases;
import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The outcome of cases as JUnit XML: a suite for each file. */
final class CaseXml {
  private CaseXml() {}

  static String of(List<Cases.Tested> all) {
    return JunitXml.of("workflow test", all.stream().map(CaseXml::suite).toList());
  }

  private static JunitXml.Suite suite(Cases.Tested tested) {
    String file = tested.file().toString();
    List<JunitXml.Test> tests = new ArrayList<>();
    if (!tested.problems().isEmpty()) {
      tests.add(new JunitXml.Test(file, "the file", file, 0, unread(tested.problems()), ""));
    }
    for (CaseOutcome outcome : tested.outcomes()) {
      tests.add(
          new JunitXml.Test(
              file,
              outcome.tested().name(),
              file,
              outcome.took().toNanos(),
              failed("case", outcome.failures()),
              ""));
    }
    if (!tested.shortfalls().isEmpty()) {
      JunitXml.Trouble trouble = failed("coverage", tested.shortfalls());
      tests.add(new JunitXml.Test(file, "coverage", file, 0, trouble, ""));
    }
    return new JunitXml.Suite(file, tests);
  }

  private static JunitXml.Trouble unread(List<Problem> problems) {
    Problem first = problems.get(0);
    return new JunitXml.Trouble(true, first.rule().id(), first.message(), ProblemText.of(problems));
  }

  private static JunitXml.@Nullable Trouble failed(
      String type, List<CaseOutcome.Failure> failures) {
    if (failures.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (CaseOutcome.Failure failure : failures) {
      text.append(TestCommand.place(failure.place())).append(failure.message()).append('\n');
      failure.details().forEach(detail -> text.append("  ").append(detail).append('\n'));
    }
    return new JunitXml.Trouble(false, type, failures.get(0).message(), text.toString());
  }
}
