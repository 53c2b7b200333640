package dev.workflow.cli;

import dev.workflow.assembly.CaseOutcome;
import dev.workflow.assembly.Cases;
import dev.workflow.definition.Problem;
import java.util.List;
import java.util.Locale;

/** The outcome of cases as JUnit XML, a suite for each file. */
final class CaseXml {
  private final StringBuilder xml = new StringBuilder();

  private CaseXml() {}

  static String of(List<Cases.Tested> all) {
    CaseXml report = new CaseXml();
    report.xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    all.forEach(report::suite);
    return report.xml.append("</testsuites>").toString();
  }

  private void suite(Cases.Tested tested) {
    long failures = tested.outcomes().stream().filter(outcome -> !outcome.passed()).count();
    int unread = tested.problems().isEmpty() ? 0 : 1;
    int shortfalls = tested.shortfalls().isEmpty() ? 0 : 1;
    xml.append("  <testsuite");
    attribute("name", tested.file().toString());
    attribute("tests", String.valueOf(tested.outcomes().size() + unread + shortfalls));
    attribute("failures", String.valueOf(failures + shortfalls));
    attribute("errors", String.valueOf(unread));
    attribute(
        "time", seconds(tested.outcomes().stream().mapToLong(each -> each.took().toNanos()).sum()));
    xml.append(">\n");
    if (unread > 0) {
      begin("the file", tested, 0);
      Problem first = tested.problems().get(0);
      StringBuilder text = new StringBuilder();
      for (Problem problem : tested.problems()) {
        text.append(TestCommand.place(problem.place())).append(problem.message()).append('\n');
      }
      told("error", first.message(), text.toString());
      end();
    }
    for (CaseOutcome outcome : tested.outcomes()) {
      begin(outcome.tested().name(), tested, outcome.took().toNanos());
      failures(outcome.failures());
      end();
    }
    if (shortfalls > 0) {
      begin("coverage", tested, 0);
      failures(tested.shortfalls());
      end();
    }
    xml.append("  </testsuite>\n");
  }

  private void begin(String name, Cases.Tested tested, long nanos) {
    xml.append("    <testcase");
    attribute("name", name);
    attribute("classname", tested.file().toString());
    attribute("file", tested.file().toString());
    attribute("time", seconds(nanos));
    xml.append(">\n");
  }

  private void end() {
    xml.append("    </testcase>\n");
  }

  /** One element for all of them: some readers take but the first. */
  private void failures(List<CaseOutcome.Failure> failures) {
    if (failures.isEmpty()) {
      return;
    }
    StringBuilder text = new StringBuilder();
    for (CaseOutcome.Failure failure : failures) {
      text.append(TestCommand.place(failure.place())).append(failure.message()).append('\n');
      failure.details().forEach(detail -> text.append("  ").append(detail).append('\n'));
    }
    told("failure", failures.get(0).message(), text.toString());
  }

  private void told(String element, String message, String text) {
    xml.append("      <").append(element);
    attribute("message", message);
    xml.append('>').append(escaped(text)).append("</").append(element).append(">\n");
  }

  private void attribute(String name, String value) {
    String safe = escaped(value).replace("\"", "&quot;").replace("\n", "&#10;");
    xml.append(' ').append(name).append("=\"").append(safe).append('"');
  }

  private static String escaped(String text) {
    return Printable.text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
  }
}
