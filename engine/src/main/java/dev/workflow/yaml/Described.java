package dev.workflow.yaml;

import tools.jackson.databind.JsonNode;

/** Names a value for people. */
final class Described {

  private Described() {}

  static String value(JsonNode value) {
    if (value.isString()) {
      return "the text " + Quoting.quoted(value.stringValue());
    }
    if (value.isNumber()) {
      return "the number " + value;
    }
    if (value.isBoolean()) {
      return value.toString();
    }
    if (value.isNull() || value.isMissingNode()) {
      return "nothing";
    }
    if (value.isEmpty()) {
      return value.isArray() ? "an empty list" : "an empty map";
    }
    return value.isArray() ? "a list" : "a map";
  }

  /** The name of a JSON Schema type. */
  static String type(String type) {
    return switch (type) {
      case "string" -> "text";
      case "integer" -> "a whole number";
      case "number" -> "a number";
      case "boolean" -> "true or false";
      case "array" -> "a list";
      case "object" -> "a map";
      case "null" -> "nothing";
      default -> type;
    };
  }
}
