package dev.workflow.engine;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The keywords of JSON Schema, and which of them make a map a schema. */
public final class SchemaWords {

  public static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "object", "array", "null");

  /** A map with one of these is a JSON Schema, not a field map. */
  private static final Set<String> TELLING =
      Set.of("type", "$ref", "properties", "enum", "const", "anyOf", "oneOf", "allOf", "not");

  private static final Set<String> ONE =
      Set.of(
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "items",
          "unevaluatedItems",
          "contains",
          "not",
          "if",
          "then",
          "else",
          "contentSchema");
  private static final Set<String> LISTS = Set.of("anyOf", "oneOf", "allOf", "prefixItems");
  private static final Set<String> MAPS =
      Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas");
  private static final Set<String> PLAIN =
      Set.of(
          "$schema",
          "$id",
          "$ref",
          "$anchor",
          "$dynamicRef",
          "$dynamicAnchor",
          "$comment",
          "$vocabulary",
          "type",
          "enum",
          "const",
          "multipleOf",
          "maximum",
          "exclusiveMaximum",
          "minimum",
          "exclusiveMinimum",
          "maxLength",
          "minLength",
          "pattern",
          "maxItems",
          "minItems",
          "uniqueItems",
          "maxContains",
          "minContains",
          "maxProperties",
          "minProperties",
          "required",
          "dependentRequired",
          "format",
          "contentEncoding",
          "contentMediaType",
          "title",
          "description",
          "default",
          "deprecated",
          "readOnly",
          "writeOnly",
          "examples",
          "additionalItems",
          "dependencies",
          "nullable");

  private SchemaWords() {}

  public static List<String> all() {
    return List.of(ONE, LISTS, MAPS, PLAIN).stream().flatMap(Set::stream).sorted().toList();
  }

  static boolean known(String key) {
    return key.startsWith("x-")
        || ONE.contains(key)
        || LISTS.contains(key)
        || MAPS.contains(key)
        || PLAIN.contains(key);
  }

  /** Whether a map is a JSON Schema by one of the keywords that tell. */
  public static boolean tells(JsonNode map) {
    return map.propertyNames().stream().anyMatch(TELLING::contains);
  }

  /** Whether every key of a map is a keyword. */
  public static boolean only(JsonNode map) {
    return map.propertyNames().stream().allMatch(SchemaWords::known);
  }

  /** Calls back for each unknown keyword, with the pointer of its value. */
  public static void unknown(JsonNode schema, String pointer, Consumer<String> found) {
    each(
        schema,
        pointer,
        (part, at) ->
            part.propertyNames().stream()
                .filter(key -> !known(key))
                .forEach(key -> found.accept(Pointers.child(at, key))));
  }

  /** Calls back for a schema and all schemas inside it, each with its pointer. */
  static void each(JsonNode schema, String pointer, BiConsumer<JsonNode, String> found) {
    found.accept(schema, pointer);
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      String key = entry.getKey();
      String at = Pointers.child(pointer, key);
      JsonNode value = entry.getValue();
      if (ONE.contains(key) && value.isObject()) {
        each(value, at, found);
      } else if (LISTS.contains(key) && value.isArray()) {
        for (int i = 0; i < value.size(); i++) {
          each(value.get(i), at + "/" + i, found);
        }
      } else if (MAPS.contains(key)) {
        value.properties().forEach(e -> each(e.getValue(), Pointers.child(at, e.getKey()), found));
      }
    }
  }
}
