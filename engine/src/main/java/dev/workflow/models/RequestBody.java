package dev.workflow.models;

import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts into a request what the library cannot say: each tool's own input schema, as it is, and how
 * hard a model of Anthropic is to think.
 */
final class RequestBody {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> COMBINATORS = Set.of("anyOf", "oneOf", "allOf", "not", "enum");

  private RequestBody() {}

  static String complete(String body, Request request, Shape shape, Endpoint.Dialect dialect) {
    ObjectNode json = (ObjectNode) JSON.readTree(body);
    Map<String, JsonNode> schemas = new HashMap<>();
    for (Offer offer : request.tools()) {
      schemas.put(offer.name(), offer.inputSchema());
    }
    JsonNode output = request.outputSchema();
    if (shape == Shape.FORCED_TOOL && output != null) {
      schemas.put(Shape.ANSWER_TOOL, output);
    }
    for (JsonNode tool : json.path("tools")) {
      switch (dialect) {
        case OPENAI, OLLAMA -> replace(tool.path("function"), "parameters", schemas);
        case ANTHROPIC -> replace(tool, "input_schema", schemas);
      }
    }
    if (dialect == Endpoint.Dialect.ANTHROPIC) {
      AnthropicThinking.complete(json, request.model());
    }
    return json.toString();
  }

  private static void replace(JsonNode tool, String field, Map<String, JsonNode> schemas) {
    JsonNode schema = schemas.get(tool.path("name").asString(""));
    if (schema != null && tool instanceof ObjectNode object) {
      object.set(field, accepted(schema));
    }
  }

  /**
   * Providers refuse the whole request for one tool whose schema is no plain object at its root.
   * Arguments are held to the schema itself in any case, before the tool is called.
   */
  private static JsonNode accepted(JsonNode schema) {
    boolean combined = COMBINATORS.stream().anyMatch(schema::has);
    if (!combined && schema.has("properties") && schema.has("type")) {
      return schema;
    }
    ObjectNode plain = schema.isObject() ? (ObjectNode) schema.deepCopy() : JSON.createObjectNode();
    plain.remove(COMBINATORS);
    plain.put("type", "object");
    if (!plain.has("properties")) {
      plain.putObject("properties");
    }
    return plain;
  }
}
