package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Validator.Violation;
import dev.workflow.schema.JsonSchemas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The published schemas are for editors too: they say of each key what it is. */
class ShippedSchemasTest {

  private final JsonSchemas validator = new JsonSchemas();

  /** Nothing else checks them: values are validated by them unseen. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        Shipped.WORKFLOW,
        Shipped.SKILL,
        "answers.schema.json",
        "cases.schema.json",
        "cassette.schema.json",
        "registry.schema.json",
        "lock.schema.json"
      })
  void aSchemaIsSound(String name) {
    assertThat(validator.checkSchema(Shipped.schema(name))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {Shipped.WORKFLOW, Shipped.SKILL, "registry.schema.json", "lock.schema.json"})
  void itsExamplesAndDefaultsFit(String name) {
    JsonNode schema = Shipped.schema(name);
    List<String> wrong = new ArrayList<>();
    forEachSchema(schema, "", (part, pointer) -> checkExamples(schema, part, pointer, wrong));

    assertThat(wrong).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {Shipped.WORKFLOW, Shipped.SKILL, "registry.schema.json", "lock.schema.json"})
  void eachKeyIsDescribedForPeopleAndForEditors(String name) {
    List<String> mute = new ArrayList<>();
    forEachSchema(
        Shipped.schema(name),
        "",
        (part, pointer) -> {
          boolean key = pointer.matches(".*/properties/[^/]+");
          boolean says = part.has("description") && part.has("markdownDescription");
          if (key && !part.has("$ref") && !says) {
            mute.add(pointer);
          }
        });

    assertThat(mute).isEmpty();
  }

  @Test
  void patternsSayInWordsWhatTheyExpect() {
    List<String> mute = new ArrayList<>();
    forEachSchema(
        Shipped.schema(Shipped.WORKFLOW),
        "",
        (part, pointer) -> {
          boolean named = pointer.endsWith("/propertyNames");
          if (part.has("pattern") && !part.has("patternErrorMessage") && !named) {
            mute.add(pointer);
          }
        });

    assertThat(mute).isEmpty();
  }

  @Test
  void theSchemaTakesTheShortAndTheLongForm() {
    assertThat(violations(ShortFormTest.SEED)).isEmpty();
    assertThat(violations(LongFormTest.TRAVEL)).isEmpty();
    assertThat(
            violations(
                """
                flow:
                  - [a: "x", b: "y"]
                  - each x in a.list: {b: "z"}
                  - if a.big: {book: {tool: x/y}}
                  - if b.c then a.revise
                """))
        .isEmpty();
  }

  @Test
  void editorsSeeMistakesThatTheLoaderExplainsItself() {
    assertThat(violations("steps: {a: {tool: x/y, agent: z}}")).isNotEmpty();
    assertThat(violations("steps: {a: {when: x}}")).isNotEmpty();
    assertThat(violations("steps: {a: {set: 1, prompt: x}}")).isNotEmpty();
    assertThat(violations("steps: {a: {set: 1, with: {}}}")).isNotEmpty();
    assertThat(violations("steps: {a: {set: 1, key: x}}")).isNotEmpty();
    assertThat(violations("name: x")).isNotEmpty();
    assertThat(violations("flow: [{a: x, b: y}]")).isNotEmpty();
    assertThat(violations("flow: [if x]")).isNotEmpty();
  }

  private List<Violation> violations(String text) {
    YamlTree tree = YamlTree.read(new SourceText("w.yaml", text));
    assertThat(tree.value()).isNotNull();
    return validator.validate(Shipped.schema(Shipped.WORKFLOW), tree.value());
  }

  private void checkExamples(JsonNode root, JsonNode part, String pointer, List<String> wrong) {
    List<JsonNode> values = new ArrayList<>();
    part.path("examples").forEach(values::add);
    if (part.has("default")) {
      values.add(part.get("default"));
    }
    JsonNode alone = alone(root, part);
    for (JsonNode value : values) {
      for (Violation violation : validator.validate(alone, value)) {
        wrong.add(pointer + " " + value + ": " + violation.text());
      }
    }
  }

  /** A part of a schema that can be used alone: with the definitions it refers to. */
  private static JsonNode alone(JsonNode root, JsonNode part) {
    ObjectNode alone = (ObjectNode) part.deepCopy();
    if (root.has("$defs")) {
      alone.set("$defs", root.get("$defs"));
    }
    return alone;
  }

  private interface Visitor {
    void visit(JsonNode schema, String pointer);
  }

  private static void forEachSchema(JsonNode schema, String pointer, Visitor visitor) {
    visitor.visit(schema, pointer);
    for (String key : List.of("properties", "$defs")) {
      for (Map.Entry<String, JsonNode> entry : schema.path(key).properties()) {
        forEachSchema(
            entry.getValue(), Pointers.child(pointer + "/" + key, entry.getKey()), visitor);
      }
    }
    for (String key : List.of("additionalProperties", "items", "propertyNames")) {
      if (schema.path(key).isObject()) {
        forEachSchema(schema.get(key), pointer + "/" + key, visitor);
      }
    }
  }
}
