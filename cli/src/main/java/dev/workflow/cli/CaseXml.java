package dev.workflow.cli;

import dev.workflow.assembly.CaseOutcome;
import dev.workflow.assembly.Cases;
import dev.workflow.definition.Problem;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The outcome of cases as JUnit XML, a suite for each file. */
final class CaseXml {
  private final XMLStreamWriter xml;

  private CaseXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  static String of(List<Cases.Tested> all) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      new CaseXml(xml).write(all);
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("A text takes everything", e);
    }
    return text.toString();
  }

  private void write(List<Cases.Tested> all) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    line(0);
    xml.writeStartElement("testsuites");
    for (Cases.Tested tested : all) {
      suite(tested);
    }
    line(0);
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void suite(Cases.Tested tested) throws XMLStreamException {
    long failures = tested.outcomes().stream().filter(outcome -> !outcome.passed()).count();
    boolean unread = !tested.problems().isEmpty();
    boolean shortfalls = !tested.shortfalls().isEmpty();
    line(1);
    xml.writeStartElement("testsuite");
    attribute("name", tested.file().toString());
    attribute(
        "tests",
        String.valueOf(tested.outcomes().size() + (unread ? 1 : 0) + (shortfalls ? 1 : 0)));
    attribute("failures", String.valueOf(failures + (shortfalls ? 1 : 0)));
    attribute("errors", unread ? "1" : "0");
    attribute(
        "time", seconds(tested.outcomes().stream().mapToLong(each -> each.took().toNanos()).sum()));
    if (unread) {
      begin("the file", tested, 0);
      for (Problem problem : tested.problems()) {
        told("error", TestCommand.place(problem.place()) + problem.message(), "");
      }
      end();
    }
    for (CaseOutcome outcome : tested.outcomes()) {
      begin(outcome.tested().name(), tested, outcome.took().toNanos());
      failures(outcome.failures());
      end();
    }
    if (shortfalls) {
      begin("coverage", tested, 0);
      failures(tested.shortfalls());
      end();
    }
    line(1);
    xml.writeEndElement();
  }

  private void begin(String name, Cases.Tested tested, long nanos) throws XMLStreamException {
    line(2);
    xml.writeStartElement("testcase");
    attribute("name", name);
    attribute("classname", tested.file().toString());
    attribute("file", tested.file().toString());
    attribute("time", seconds(nanos));
  }

  private void end() throws XMLStreamException {
    xml.writeEndElement();
  }

  /** One element for all of them: some readers take but the first. */
  private void failures(List<CaseOutcome.Failure> failures) throws XMLStreamException {
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

  private void told(String element, String message, String text) throws XMLStreamException {
    line(3);
    xml.writeStartElement(element);
    attribute("message", message);
    xml.writeCharacters(Printable.text(text));
    xml.writeEndElement();
    line(2);
  }

  private void attribute(String name, String value) throws XMLStreamException {
    xml.writeAttribute(name, Printable.text(value));
  }

  private void line(int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
  }
}
