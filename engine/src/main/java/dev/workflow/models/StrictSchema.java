package dev.workflow.models;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What providers ask of a schema before they promise that every answer fits it. */
final class StrictSchema {
  private static final Set<String> KNOWN =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "enum",
          "const",
          "anyOf",
          "$ref",
          "$defs",
          "$schema",
          "description",
          "title");

  private StrictSchema() {}

  /** Whether only known keywords occur and every object is closed. */
  static boolean isClosed(JsonNode schema) {
    return check(schema, false);
  }

  /** The same, and every property is required. */
  static boolean isComplete(JsonNode schema) {
    return check(schema, true);
  }

  private static boolean check(JsonNode schema, boolean complete) {
    if (!schema.isObject() || !KNOWN.containsAll(schema.propertyNames())) {
      return false;
    }
    if (schema.has("properties") || "object".equals(schema.path("type").asString(""))) {
      JsonNode additional = schema.path("additionalProperties");
      if (!additional.isBoolean() || additional.booleanValue()) {
        return false;
      }
      if (complete && !required(schema).containsAll(schema.path("properties").propertyNames())) {
        return false;
      }
    }
    return children(schema, "properties", complete)
        && children(schema, "$defs", complete)
        && alternatives(schema.path("anyOf"), complete)
        && (!schema.has("items") || check(schema.path("items"), complete))
        && schema.path("$ref").asString("#").startsWith("#");
  }

  private static boolean children(JsonNode schema, String keyword, boolean complete) {
    for (Map.Entry<String, JsonNode> child : schema.path(keyword).properties()) {
      if (!check(child.getValue(), complete)) {
        return false;
      }
    }
    return true;
  }

  private static boolean alternatives(JsonNode schemas, boolean complete) {
    for (JsonNode schema : schemas) {
      if (!check(schema, complete)) {
        return false;
      }
    }
    return true;
  }

  private static Set<String> required(JsonNode schema) {
    Set<String> names = new HashSet<>();
    schema.path("required").forEach(name -> names.add(name.asString("")));
    return names;
  }
}
