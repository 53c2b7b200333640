package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Laws of reading. */
class ReadingLawsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ": ",
          " #",
          "#",
          "\"",
          "'",
          "\n",
          "\n  ",
          "\t",
          "!",
          "&a",
          "*a",
          "|",
          ">",
          "- ",
          "? ",
          "${",
          "{x}",
          ",",
          "\\",
          "@",
          "%",
          "\u00e9",
          "\uD83D\uDE00",
          "\r\n",
          "steps:",
          "flow:",
          "when: ",
          "if x then a.revise",
          "each x in y",
          "null",
          "1e999",
          "",
          "\u0007",
          "---\n",
          "<<: ",
          "inputs: ",
          "output: {a: ",
          "type: ",
          "~");

  private static final String FLOW =
      """
      flow:
        - [a: "find {city}", b: "look"]
        - each o in a.options: {b: "plan {o}"}
        - if a.small: [a: "x", book: {tool: s/t, needs: [a]}]
        - if book.x then a.revise
      """;
  private static final String SHORT =
      "steps: {a: {set: 1, when: x}, b: {ask: 'y', form: {z: any}}}\n";
  private static final List<String> EXAMPLES = examples();

  @Property(tries = 300)
  void aWorkflowThatWasRestoredFromItsDocumentIsEqual(@ForAll("longForms") ObjectNode document) {
    Reading reading = Yaml.read(document.toString());
    Workflow workflow = reading.workflow();

    assertThat(ProblemText.of(reading.problems())).isEmpty();
    assertThat(workflow).isNotNull();
    JsonNode journaled = JSON.readTree(workflow.document().toString());
    assertThat(journaled).isEqualTo(workflow.document());
    assertThat(Yaml.DOCUMENTS.restore(journaled)).isEqualTo(workflow);
  }

  @Property(tries = 1_500)
  void whateverIsWrittenIsReadOrExplained(
      @ForAll @IntRange(max = 20) int example,
      @ForAll @IntRange(max = 5_000) int at,
      @ForAll @IntRange(max = 12) int length,
      @ForAll("pieces") String piece) {
    String text = EXAMPLES.get(example % EXAMPLES.size());
    int from = at % text.length();
    int to = Math.min(text.length(), from + length);

    assertReadable(text.substring(0, from) + piece + text.substring(to));
  }

  @Property(tries = 500)
  void noTextIsTooStrange(@ForAll("texts") String text) {
    assertReadable(text);
  }

  /** Every problem has a place in the text, and what the schema refuses is never taken. */
  private static void assertReadable(String text) {
    Reading reading = Yaml.read(text);
    long lines = text.lines().count() + 1;
    for (Problem problem : reading.problems()) {
      assertThat(problem.message()).isNotBlank().endsWith(".");
      assertThat(problem.place().line()).isBetween(0, (int) lines);
      assertThat(problem.place().column()).isLessThanOrEqualTo(problem.place().text().length() + 1);
    }
    Workflow workflow = reading.workflow();
    boolean sound =
        reading.problems().stream().allMatch(p -> p.severity() != Problem.Severity.ERROR);
    if (sound) {
      assertThat(workflow).isNotNull();
      assertThat(Yaml.VALIDATOR.validate(Shipped.schema(Shipped.WORKFLOW), workflow.document()))
          .isEmpty();
      assertThat(Yaml.DOCUMENTS.restore(workflow.document())).isEqualTo(workflow);
    }
  }

  private static List<String> examples() {
    List<String> examples =
        new ArrayList<>(List.of(LongFormTest.TRAVEL, ShortFormTest.SEED, FLOW, SHORT));
    for (Path file : ShippedExamplesTest.examples()) {
      try {
        examples.add(Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return examples;
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(PIECES).list().ofMinSize(0).ofMaxSize(3).map(p -> String.join("", p));
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(PIECES).list().ofMaxSize(40).map(p -> String.join("", p));
  }

  @Provide
  Arbitrary<ObjectNode> longForms() {
    return LongForms.documents();
  }
}
