package dev.workflow.models;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The smallest value that fits an ordinary schema. */
final class SampleValue {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int DEEPEST = 20;

  private SampleValue() {}

  static JsonNode of(JsonNode schema) {
    return of(schema, schema, 0);
  }

  private static JsonNode of(JsonNode schema, JsonNode root, int depth) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (depth > DEEPEST) {
      return json.nullNode();
    }
    if (schema.has("$ref")) {
      String pointer = schema.path("$ref").asString("#").substring(1);
      return of(root.at(pointer), root, depth + 1);
    }
    if (schema.has("const")) {
      return schema.path("const");
    }
    if (!schema.path("enum").isEmpty()) {
      return schema.path("enum").path(0);
    }
    for (String choice : new String[] {"anyOf", "oneOf"}) {
      if (!schema.path(choice).isEmpty()) {
        return of(schema.path(choice).path(0), root, depth + 1);
      }
    }
    JsonNode type = schema.path("type");
    String word = type.isArray() ? type.path(0).asString("") : type.asString("");
    return switch (word) {
      case "object" -> object(schema, root, depth);
      case "array" -> array(schema, root, depth);
      case "integer" -> json.numberNode(schema.path("minimum").asLong(1));
      case "number" -> json.numberNode(schema.path("minimum").asDouble(1.5));
      case "boolean" -> json.booleanNode(false);
      case "null" -> json.nullNode();
      default -> json.stringNode(text(schema));
    };
  }

  private static JsonNode object(JsonNode schema, JsonNode root, int depth) {
    ObjectNode object = JSON.createObjectNode();
    for (JsonNode name : schema.path("required")) {
      String property = name.asString("");
      object.set(property, of(schema.path("properties").path(property), root, depth + 1));
    }
    return object;
  }

  private static JsonNode array(JsonNode schema, JsonNode root, int depth) {
    ArrayNode array = JSON.createArrayNode();
    for (int i = 0; i < schema.path("minItems").asInt(1); i++) {
      array.add(of(schema.path("items"), root, depth + 1));
    }
    return array;
  }

  private static String text(JsonNode schema) {
    String text =
        switch (schema.path("format").asString("")) {
          case "date" -> "2026-01-01";
          case "time" -> "09:00:00Z";
          case "date-time" -> "2026-01-01T09:00:00Z";
          case "uri" -> "https://example.org/";
          case "email" -> "somebody@example.org";
          default -> "sample";
        };
    int shortest = schema.path("minLength").asInt(0);
    return text.length() >= shortest ? text : text.repeat(1 + shortest / text.length());
  }
}
