package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.SchemaFlaws.Flaw;
import dev.workflow.schema.JsonSchemas;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class SchemaFlawsTest {
  /** {@code rule pointer} of each flaw of a schema with single quotes. */
  private static String flaws(String schema) {
    return SchemaFlaws.of(
            JsonMapper.shared().readTree(schema.replace('\'', '"')), new JsonSchemas())
        .stream()
        .map(flaw -> flaw.rule() + " " + flaw.pointer())
        .collect(Collectors.joining(", "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{'minimum': 5, 'maximum': 1} | impossible-schema /minimum",
        "{'exclusiveMinimum': 1, 'maximum': 1} | impossible-schema /exclusiveMinimum",
        "{'minimum': 1, 'exclusiveMaximum': 1} | impossible-schema /minimum",
        "{'exclusiveMinimum': 1, 'exclusiveMaximum': 1} | impossible-schema /exclusiveMinimum",
        "{'minLength': 3, 'maxLength': 2} | impossible-schema /minLength",
        "{'minItems': 3, 'maxItems': 2} | impossible-schema /minItems",
        "{'minContains': 3, 'maxContains': 2} | impossible-schema /minContains",
        "{'minProperties': 3, 'maxProperties': 2} | impossible-schema /minProperties",
        "{'required': ['a', 'b'], 'maxProperties': 1} | impossible-schema /required",
        "{'type': 'integer', 'enum': [1, 'two']} | impossible-schema /enum/1",
        "{'type': 'string', 'enum': ['a'], 'minLength': 2} | impossible-schema /enum/0",
        "{'type': 'integer', 'const': 'one'} | impossible-schema /const",
        "{'required': ['a'], 'additionalProperties': false} | impossible-schema /required/0",
        "{'required': ['a'], 'properties': {'a': false}} | impossible-schema /required/0",
        "{'type': 'string', 'allOf': [{'type': 'integer'}]} | impossible-schema /allOf/0",
        "{'type': 'integer', 'default': 'one'} | bad-default /default",
        "{'type': ['integer', 'null'], 'default': 'one'} | bad-default /default",
        "{'type': 'integer', 'examples': [1, 'two']} | bad-example /examples/1",
        "{'items': {'properties': {'a/b': {'type': 'integer', 'examples': ['x']}}}}"
            + " | bad-example /items/properties/a~1b/examples/0",
        "{'$defs': {'n': {'type': 'integer'}}, 'properties': {'a': {'$ref': '#/$defs/n',"
            + " 'default': 'x'}}} | bad-default /properties/a/default",
      })
  void whatNoValueMeetsIsFoundWhereItStands(String schema, String flaw) {
    assertThat(flaws(schema)).isEqualTo(flaw);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'minimum': 1, 'maximum': 1}",
        "{'type': 'string', 'enum': ['a', 'b'], 'default': 'a', 'examples': ['b']}",
        "{'type': ['string', 'null'], 'enum': ['a', null]}",
        "{'required': ['a']}",
        "{'required': ['ab'], 'patternProperties': {'^a': {}}, 'additionalProperties': false}",
        "{'required': ['a'], 'properties': {'a': true}, 'additionalProperties': false}",
        "{'type': 'number', 'allOf': [{'type': 'integer'}]}",
        "{'properties': {'default': {'type': 'string'}}, 'required': ['default']}",
        "{'properties': {'a': {'$ref': '#', 'default': {}}}}",
        "true",
      })
  void whatSomeValueMeetsIsNoFlaw(String schema) {
    assertThat(flaws(schema)).isEmpty();
  }

  @Test
  void aFlawSaysWhatWasExpectedAndFound() {
    assertThat(
            SchemaFlaws.of(
                JsonMapper.shared().readTree("{\"minimum\": 5, \"maximum\": 1.5}"),
                new JsonSchemas()))
        .extracting(Flaw::message)
        .containsExactly("Expected bounds that some value meets, found minimum 5 and maximum 1.5.");
  }
}
