package dev.workflow.models;

import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Request;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts into a request what the library cannot say: each tool's own input schema, unchanged, and how
 * hard a model of Anthropic is to think.
 */
final class RequestBody {
  private static final JsonMapper JSON = new JsonMapper();

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
      object.set(field, schema);
    }
  }
}
