package dev.workflow.cli;

import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import dev.workflow.trace.Words;
import java.util.List;
import java.util.Locale;

/**
 * Outcomes as JUnit XML, which Jenkins, GitLab and others read: a test case for each workflow and
 * skill, with one failure where something keeps it from being used, for readers take no second one.
 */
final class JunitXml {
  private final StringBuilder xml = new StringBuilder();
  private final SourceRoot root;

  private JunitXml(SourceRoot root) {
    this.root = root;
  }

  static String of(List<Outcome> outcomes, SourceRoot root) {
    return new JunitXml(root).suites(outcomes);
  }

  private String suites(List<Outcome> outcomes) {
    long failed = outcomes.stream().filter(outcome -> !outcome.errors().isEmpty()).count();
    String counts =
        "name=\"workflow validate\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\" time=\"0\""
            .formatted(outcomes.size(), failed);
    xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.append("<testsuites ").append(counts).append(">\n");
    xml.append("  <testsuite ").append(counts).append(">\n");
    outcomes.forEach(this::testCase);
    return xml.append("  </testsuite>\n</testsuites>").toString();
  }

  private void testCase(Outcome outcome) {
    String path = root.path(outcome.subject().path().toString());
    xml.append("    <testcase");
    attribute("classname", outcome.subject().isSkill() ? "skill" : "workflow");
    attribute("name", path);
    attribute("file", path);
    attribute("time", "0");
    if (outcome.problems().isEmpty()) {
      xml.append("/>\n");
      return;
    }
    xml.append(">\n");
    if (!outcome.errors().isEmpty()) {
      failure(outcome.errors());
    }
    if (!outcome.notes().isEmpty()) {
      xml.append("      <system-out>")
          .append(text(ProblemText.of(outcome.notes())))
          .append("</system-out>\n");
    }
    xml.append("    </testcase>\n");
  }

  private void failure(List<Problem> errors) {
    Problem first = errors.get(0);
    xml.append("      <failure");
    attribute("type", first.rule().id());
    String more = errors.size() == 1 ? "" : " (1 of " + Words.counted(errors.size(), "error") + ")";
    attribute("message", first.message() + more);
    xml.append(">").append(text(ProblemText.of(errors))).append("</failure>\n");
  }

  private void attribute(String name, String value) {
    String safe = text(value).replace("\"", "&quot;").replace("\n", "&#10;").replace("\t", "&#9;");
    xml.append(' ').append(name).append("=\"").append(safe).append('"');
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
