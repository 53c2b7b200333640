package dev.workflow.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tests as JUnit XML, which Jenkins, GitLab and others read. A test has one element for all that is
 * wrong with it, for readers take no second one.
 */
final class JunitXml {
  private final StringBuilder xml = new StringBuilder();

  private JunitXml() {}

  /** Tests that belong together; maybe none. */
  record Suite(String name, List<Test> tests) {
    Suite {
      tests = List.copyOf(tests);
    }
  }

  /**
   * One test.
   *
   * @param trouble why it failed; absent: it passed
   * @param notes what else is to be told; empty: nothing
   */
  record Test(
      String group,
      String name,
      String file,
      long nanos,
      @Nullable Trouble trouble,
      String notes) {}

  /**
   * Why a test failed.
   *
   * @param isError whether it could not even be begun
   * @param type of the failure, for those who count them
   * @param message one line
   */
  record Trouble(boolean isError, String type, String message, String text) {}

  static String of(String name, List<Suite> suites) {
    JunitXml report = new JunitXml();
    report.xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    report.counts(name, suites.stream().flatMap(suite -> suite.tests().stream()).toList());
    suites.forEach(report::suite);
    return report.xml.append("</testsuites>").toString();
  }

  private void suite(Suite suite) {
    xml.append("  <testsuite");
    counts(suite.name(), suite.tests());
    suite.tests().forEach(this::test);
    xml.append("  </testsuite>\n");
  }

  private void counts(String name, List<Test> tests) {
    List<Trouble> troubles =
        tests.stream().flatMap(test -> Stream.ofNullable(test.trouble())).toList();
    long errors = troubles.stream().filter(Trouble::isError).count();
    attribute("name", name);
    attribute("tests", String.valueOf(tests.size()));
    attribute("failures", String.valueOf(troubles.size() - errors));
    attribute("errors", String.valueOf(errors));
    attribute("skipped", "0");
    attribute("time", seconds(tests.stream().mapToLong(Test::nanos).sum()));
    xml.append(">\n");
  }

  private void test(Test test) {
    xml.append("    <testcase");
    attribute("classname", test.group());
    attribute("name", test.name());
    attribute("file", test.file());
    attribute("time", seconds(test.nanos()));
    xml.append(">\n");
    Trouble trouble = test.trouble();
    if (trouble != null) {
      String element = trouble.isError() ? "error" : "failure";
      xml.append("      <").append(element);
      attribute("type", trouble.type());
      attribute("message", trouble.message());
      xml.append('>').append(text(trouble.text())).append("</").append(element).append(">\n");
    }
    if (!test.notes().isEmpty()) {
      xml.append("      <system-out>").append(text(test.notes())).append("</system-out>\n");
    }
    xml.append("    </testcase>\n");
  }

  private void attribute(String name, String value) {
    String safe = text(value).replace("\"", "&quot;").replace("\n", "&#10;").replace("\t", "&#9;");
    xml.append(' ').append(name).append("=\"").append(safe).append('"');
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
  }

  /** What XML cannot hold, or what could steer a terminal, is written as an escape. */
  private static String text(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              String one = Character.toString(c);
              if (c == '&') {
                safe.append("&amp;");
              } else if (c == '<') {
                safe.append("&lt;");
              } else if (c == '>') {
                safe.append("&gt;");
              } else if ((c >= 0xFFFE && c <= 0xFFFF) || !Printable.text(one).equals(one)) {
                safe.append(String.format(Locale.ROOT, "\\u%04X", c));
              } else {
                safe.append(one);
              }
            });
    return safe.toString();
  }
}
