package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class FieldMapsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          string                         | {"type":"string"}
          any                            | {}
          {}                             | {}
          [number]                       | {"type":"array","items":{"type":"number"}}
          [[any]]                        | {"type":"array","items":{"type":"array","items":{}}}
          {type: string, format: date}   | {"type":"string","format":"date"}
          {enum: [a, b]}                 | {"enum":["a","b"]}
          {minLength: 3}                 | {"minLength":3}
          {description: how many}        | {"description":"how many"}
          {title: string}                | {"type":"object","properties":{"title":{"type":"string"}},"required":["title"],"additionalProperties":false}
          [{name: string, "n?": number}] | {"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"n":{"type":"number"}},"required":["name"],"additionalProperties":false}}
          """)
  void aFieldIsATypeAListASchemaOrAFieldMap(String field, String schema) {
    assertThat(output("agent: x, prompt: y", "{f: " + field + "}").at("/properties/f"))
        .isEqualTo(Yaml.json(schema));
  }

  @Test
  void aFieldWithADefaultIsOptional() {
    assertThat(
            Yaml.sound("inputs: {n: {type: integer, default: 3}}\nsteps: {a: {set: 1}}")
                .inputSchema())
        .isEqualTo(
            Yaml.json(
                """
                {"type": "object", "properties": {"n": {"type": "integer", "default": 3}},
                 "additionalProperties": false}
                """));
  }

  @Test
  void modelsMayNotAddFieldsAndToolsMay() {
    assertThat(
            output("agent: x, prompt: y", "{a: string}").get("additionalProperties").booleanValue())
        .isFalse();
    assertThat(output("tool: x/y", "{a: {b: string}}").findValue("additionalProperties")).isNull();
  }

  @Test
  void anOutputWithTypeIsJsonSchemaAsItStands() {
    String schema =
        "{\"type\": \"object\", \"properties\": {\"a\": {\"$ref\": \"#/$defs/b\"}}, \"$defs\": {\"b\": {}}}";

    assertThat(output("agent: x, prompt: y", schema)).isEqualTo(Yaml.json(schema));
  }

  @Test
  void anInputMayBeCalledType() {
    assertThat(
            Yaml.sound("inputs: {type: string}\nsteps: {a: {set: 1}}")
                .inputSchema()
                .at("/properties/type"))
        .isEqualTo(Yaml.json("{\"type\": \"string\"}"));
  }

  private static JsonNode output(String verb, String output) {
    JsonNode schema =
        Yaml.sound("steps: {a: {" + verb + ", output: " + output + "}}")
            .steps()
            .getFirst()
            .output();
    assertThat(schema).isNotNull();
    return schema;
  }
}
