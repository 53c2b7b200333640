package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.ProblemText;
import dev.workflow.engine.Documents.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeTest {

  @TempDir Path folder;
  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("skill.yaml");
  }

  @Test
  void aSkillIsReadAndCheckedAgainstItsSchema() throws IOException {
    Tree tree =
        read(
            """
            name: travel-plan
            version: 1.0.0
            description: Plan a day trip using weather and transit data
            inputs:
              - {name: query, type: string, description: What to plan}
            capabilities:
              required: [weather_forecast, route_planning]
              optional: [tide_data]
            output: {schema: schema.json}
            policy: {allow_web: false, allow_code_exec: false, deterministic: true, max_tool_calls: 20}
            """,
            "skill.schema.json");

    assertThat(tree.problems()).isEmpty();
    assertThat(tree.value()).isNotNull();
    assertThat(tree.value().at("/capabilities/required/1").stringValue())
        .isEqualTo("route_planning");
    assertThat(Yaml.at(tree.source().place("/policy/deterministic"))).startsWith("10:67 true");
  }

  @Test
  void mistakesInASkillAreListedTogether() throws IOException {
    Tree tree =
        read(
            """
            name: Travel Plan
            version: 1.10
            capabilites: {required: [a]}
            inputs: [{name: query, type: strng}]
            """,
            "skill.schema.json");

    assertThat(tree.value()).isNull();
    assertThat(ProblemText.of(tree.problems()).replace(file.toString(), "skill.yaml"))
        .isEqualTo(
            """
            skill.yaml:1:7: error: Expected a name of small letters, digits and dashes for `name`, found the text "Travel Plan". [wrong-value]
              1 | name: Travel Plan
                |       ^
              Such as `name: travel-plan`.

            skill.yaml:2:10: error: Expected text for `version`, found the number 1.10, which YAML reads as 1.1. [yaml-number]
              2 | version: 1.10
                |          ^
              Write version: "1.10".

            skill.yaml:3:1: error: Expected a known key, found `capabilites`. [unknown-key]
              3 | capabilites: {required: [a]}
                | ^
              Did you mean `capabilities`?

            skill.yaml:4:30: error: Expected one of string, number, integer, boolean, object, array, any for `inputs[0].type`, found the text "strng". [wrong-value]
              4 | inputs: [{name: query, type: strng}]
                |                              ^
              Did you mean `string`?""");
  }

  @Test
  void aFileOfAnyShapeNeedsNoSchema() throws IOException {
    Tree tree = read("- a\n- {b: 1}\n", "");

    assertThat(tree.value()).isEqualTo(Yaml.json("[\"a\", {\"b\": 1}]"));
  }

  @Test
  void anUnknownSchemaIsAMistakeOfTheCaller() {
    assertThatThrownBy(() -> read("a: 1", "none.schema.json"))
        .hasMessage("Expected a shipped schema, found `none.schema.json`.");
  }

  private Tree read(String text, String schema) throws IOException {
    Files.writeString(file, text);
    return Yaml.DOCUMENTS.tree(file, schema);
  }
}
