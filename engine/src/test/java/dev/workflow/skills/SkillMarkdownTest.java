package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Documents.Tree;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class SkillMarkdownTest {
  private static final Path FILE = Path.of("SKILL.md");

  @Property(tries = 1000)
  void whatWasReadIsWrittenAsItWas(@ForAll @From("files") String text) {
    assertThat(SkillMarkdown.read(text).text()).isEqualTo(text);
  }

  /** Lines that mean something, in any order, with any line ends. */
  @Provide
  Arbitrary<String> files() {
    Arbitrary<String> line =
        Arbitraries.of(
            "---",
            "--- ",
            "---\t",
            "----",
            " ---",
            "",
            "name: x",
            "description: a --- b",
            "# Body",
            "\uFEFF",
            "\uFEFF---",
            "ü \uD83D\uDE00",
            "\t- a");
    Arbitrary<String> end = Arbitraries.of("\n", "\r\n", "\n\n", "");
    return line.flatMap(text -> end.map(text::concat))
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 1000)
  void whatWasWrittenIsReadAsItWasMeant(
      @ForAll @From("fields") Map<String, String> fields,
      @ForAll @From("fields") Map<String, String> metadata,
      @ForAll @From("files") String body) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    fields.forEach(map::put);
    if (!metadata.isEmpty()) {
      ObjectNode inner = map.putObject("metadata");
      metadata.forEach(inner::put);
    }

    SkillMarkdown read = SkillMarkdown.read(SkillMarkdown.of(map, body).text());

    assertThat(read.body()).isEqualTo(body);
    if (!map.isEmpty()) {
      assertThat(tree(read)).isEqualTo(map);
    }
  }

  @Provide
  Arbitrary<Map<String, String>> fields() {
    Arbitrary<String> name = Arbitraries.of("name", "x-y", "yes", "1.0", "a: b", "#", "ä");
    Arbitrary<String> odd =
        Arbitraries.of(
            "",
            "yes",
            "No",
            "null",
            "~",
            "1.0",
            "0o7",
            "2024-01-01",
            "1:20",
            "use when: x",
            "issue #7",
            " x",
            "x ",
            "- a",
            "[a]",
            "{a}",
            "&a",
            "*a",
            "!a",
            "|",
            ">",
            "%",
            "@",
            "`",
            "'",
            "\"",
            "\\",
            "a\nb",
            "\n",
            "---",
            "a, b",
            "a b",
            "\u0000\u007f\u0085\u2028\uFEFF",
            "\uD83D\uDE00 ü",
            "? a",
            "a:",
            "\t");
    Arbitrary<String> any =
        Arbitraries.strings().withChars(" -:#'\"\\{}[],&*!|>%@`~?\n\ta1.").ofMaxLength(8);
    return Arbitraries.maps(name, Arbitraries.oneOf(odd, any)).ofMaxSize(4);
  }

  private static JsonNode tree(SkillMarkdown markdown) {
    Tree tree = new YamlDocuments(new JsonSchemas()).part(FILE, markdown.fields().orElseThrow());
    assertThat(tree.problems()).isEmpty();
    return Objects.requireNonNull(tree.value());
  }

  @Test
  void theFieldsEndAtALineOfDashesAndNotAtDashesInATextAsSomeReadersHaveIt() {
    SkillMarkdown read =
        SkillMarkdown.read("---\ndescription: a --- b\n---  \n\nBody\n---\nmore\n");

    assertThat(read.fields()).contains("---\ndescription: a --- b\n");
    assertThat(read.instructions()).isEqualTo("Body\n---\nmore");
    assertThat(SkillMarkdown.read("---\nname: |\n ---\n---\nBody").fields())
        .contains("---\nname: |\n ---\n");
  }

  @Test
  void aTextWithoutFieldsIsAllBody() {
    for (String text : List.of("", "# Title\n---\nx\n---\n", "---\nname: x\n", "----\nx\n---\n")) {
      assertThat(SkillMarkdown.read(text)).isEqualTo(new SkillMarkdown("", text));
    }
  }

  @Test
  void aSkillIsWrittenInTheWayThatEveryReaderUnderstands() {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("name", "tides").put("description", "Use when: the sea matters");
    fields.putObject("metadata").put("version", "1.10").put("draft", "yes");

    assertThat(SkillMarkdown.of(fields, "\n# Tides\n").text())
        .isEqualTo(
            """
            ---
            name: tides
            description: "Use when: the sea matters"
            metadata:
              version: "1.10"
              draft: "yes"
            ---

            # Tides
            """);
  }
}
