package dev.workflow.engine;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The names that the engine itself brings into scope, with their types. */
final class Locals {
  private static final JsonNode RUN = object("id", "started");
  private static final JsonNode CALL = object("key");
  private static final JsonNode PREVIOUS = previous();
  private static final JsonNode ERROR = error();

  private Locals() {}

  static Map<String, JsonNode> withRun(Map<String, JsonNode> locals) {
    return with(with(locals, "run", RUN), "previous", PREVIOUS);
  }

  static Map<String, JsonNode> withCall(Map<String, JsonNode> locals) {
    return with(locals, "call", CALL);
  }

  static Map<String, JsonNode> withError(Map<String, JsonNode> locals) {
    return with(locals, "error", ERROR);
  }

  private static Map<String, JsonNode> with(
      Map<String, JsonNode> locals, String name, JsonNode type) {
    Map<String, JsonNode> more = new LinkedHashMap<>(locals);
    more.put(name, type);
    return Collections.unmodifiableMap(more);
  }

  /** Both are missing in the first run. */
  private static JsonNode previous() {
    ObjectNode schema = object("started");
    schema.remove("required");
    ((ObjectNode) schema.get("properties")).putObject("outputs");
    return schema;
  }

  private static JsonNode error() {
    ObjectNode schema = object("kind", "message");
    ObjectNode details = ((ObjectNode) schema.get("properties")).putObject("details");
    details.put("type", "array").putObject("items").put("type", "string");
    return schema;
  }

  private static ObjectNode object(String... texts) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode fields = schema.putObject("properties");
    for (String text : texts) {
      fields.putObject(text).put("type", "string");
    }
    schema
        .putArray("required")
        .addAll(fields.propertyNames().stream().map(schema::stringNode).toList());
    return schema.put("additionalProperties", false);
  }
}
