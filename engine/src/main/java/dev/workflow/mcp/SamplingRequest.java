package dev.workflow.mcp;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server wants a model asked, held against what the protocol allows and this client
 * declares: texts only. What decides about models and what else they are told is ours: preferences,
 * context, temperature and metadata are not taken over.
 */
final class SamplingRequest {
  private static final int MAX_MESSAGES = 100;
  private static final int MAX_CHARS = 100_000;
  private static final int MAX_STOPS = 10;
  private static final int MAX_STOP_CHARS = 100;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SamplingRequest() {}

  /**
   * What the parameters of {@code sampling/createMessage} ask for: {@code system}, {@code
   * messages}, {@code max_tokens}, {@code stop}.
   *
   * @throws McpError invalid parameters, saying what is wrong
   */
  static ObjectNode read(JsonNode params) {
    if (params.has("tools") || params.has("toolChoice")) {
      throw invalid("this client declared sampling without tools");
    }
    ObjectNode request = JSON.objectNode();
    String system = params.path("systemPrompt").asString("");
    long chars = system.length();
    if (!system.isEmpty()) {
      request.put("system", system);
    }
    JsonNode messages = params.path("messages");
    if (!messages.isArray() || messages.isEmpty() || messages.size() > MAX_MESSAGES) {
      throw invalid("expected 1 to " + MAX_MESSAGES + " messages");
    }
    ArrayNode all = request.putArray("messages");
    for (JsonNode message : messages) {
      chars += read(message, all.addObject());
    }
    if (chars > MAX_CHARS) {
      throw invalid("expected at most " + MAX_CHARS + " characters, found " + chars);
    }
    JsonNode most = params.path("maxTokens");
    if (!most.canConvertToInt() || most.intValue() < 1) {
      throw invalid("expected maxTokens of at least 1");
    }
    request.put("max_tokens", most.intValue());
    stops(params.path("stopSequences"), request);
    return request;
  }

  /** Takes a message over; gives how long it is. */
  private static long read(JsonNode written, ObjectNode message) {
    String role = written.path("role").asString("");
    if (!role.equals("user") && !role.equals("assistant")) {
      throw invalid(
          "expected messages of the role user or assistant, found " + Failures.cut(role, 100));
    }
    StringBuilder text = new StringBuilder();
    JsonNode content = written.path("content");
    for (JsonNode block : content.isArray() ? content : JSON.arrayNode().add(content)) {
      String type = block.path("type").asString("");
      if (!type.equals("text") || !block.path("text").isString()) {
        throw invalid(
            "expected messages of type text, found "
                + (type.isEmpty() ? "no type" : Failures.cut(type, 100)));
      }
      text.append(text.isEmpty() ? "" : "\n").append(block.path("text").stringValue());
    }
    message.put("role", role).put("text", text.toString());
    return text.length();
  }

  private static void stops(JsonNode written, ObjectNode request) {
    if (written.isArray() && written.size() > MAX_STOPS) {
      throw invalid("expected at most " + MAX_STOPS + " stopSequences, found " + written.size());
    }
    for (JsonNode stop : written) {
      String text = stop.asString("");
      if (text.isEmpty() || text.length() > MAX_STOP_CHARS) {
        throw invalid("expected stopSequences of 1 to " + MAX_STOP_CHARS + " characters");
      }
      request.withArray("/stop").add(text);
    }
  }

  private static McpError invalid(String message) {
    return McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS).message(message).build();
  }
}
