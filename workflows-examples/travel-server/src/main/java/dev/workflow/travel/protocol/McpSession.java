package dev.workflow.travel.protocol;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One client's session: message in, answer out. It keeps nothing but the negotiated protocol
 * version, so requests are answered in whatever order they come, before {@code initialize} too.
 */
public final class McpSession {
  /** Newest first. */
  static final List<String> VERSIONS =
      List.of("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05");

  /** The one version in which a message may be an array of messages. */
  private static final String VERSION_WITH_BATCHES = "2025-03-26";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final JsonMapper mapper = new JsonMapper();
  private final ServerCard card;
  private final ToolBox tools;
  private String version = VERSIONS.get(0);

  public McpSession(ServerCard card, ToolBox tools) {
    this.card = card;
    this.tools = tools;
  }

  /** The answer to one line of input; empty for notifications and responses. */
  public Optional<byte[]> answer(byte[] line) {
    return Optional.ofNullable(reply(line)).map(mapper::writeValueAsBytes);
  }

  /** The answer to a line longer than {@code bytesMax}. */
  byte[] tooLong(int bytesMax) {
    return mapper.writeValueAsBytes(
        failure(
            NullNode.getInstance(),
            new RpcError(
                RpcError.INVALID_REQUEST,
                "expected a message of at most %d bytes, found a longer one".formatted(bytesMax))));
  }

  private @Nullable JsonNode reply(byte[] line) {
    JsonNode message;
    try {
      message = mapper.readTree(line);
    } catch (JacksonException e) {
      return failure(
          NullNode.getInstance(),
          new RpcError(
              RpcError.PARSE, "expected one JSON object on a line: " + e.getOriginalMessage()));
    }
    return message instanceof ArrayNode batch && version.equals(VERSION_WITH_BATCHES)
        ? batch(batch)
        : single(message);
  }

  private @Nullable JsonNode batch(ArrayNode messages) {
    if (messages.isEmpty()) {
      return single(messages);
    }
    ArrayNode answers = JSON.arrayNode();
    for (JsonNode message : messages) {
      JsonNode answer = single(message);
      if (answer != null) {
        answers.add(answer);
      }
    }
    return answers.isEmpty() ? null : answers;
  }

  private @Nullable JsonNode single(JsonNode message) {
    if (isResponse(message)) {
      return null;
    }
    JsonNode id = message.path("id");
    JsonNode echoed = id.isString() || id.isIntegralNumber() ? id : NullNode.getInstance();
    try {
      String method = method(message);
      if (id.isMissingNode()) {
        return null;
      }
      if (echoed.isNull()) {
        throw new RpcError(
            RpcError.INVALID_REQUEST, "expected an id that is a string or an integer, found " + id);
      }
      return success(echoed, result(method, params(message)));
    } catch (RpcError e) {
      return failure(echoed, e);
    } catch (RuntimeException e) {
      return failure(echoed, new RpcError(RpcError.INTERNAL, "defect in the server: " + e));
    }
  }

  private static boolean isResponse(JsonNode message) {
    return !message.has("method") && (message.has("result") || message.has("error"));
  }

  private static String method(JsonNode message) throws RpcError {
    JsonNode method = message.path("method");
    if (!message.isObject()
        || !method.isString()
        || !"2.0".equals(message.path("jsonrpc").asString(""))) {
      throw new RpcError(
          RpcError.INVALID_REQUEST,
          "expected a JSON-RPC 2.0 object with a method, found " + excerpt(message));
    }
    return method.asString();
  }

  private static ObjectNode params(JsonNode message) throws RpcError {
    JsonNode params = message.path("params");
    return object("params", params);
  }

  /** An object; one that is left out or null is empty. */
  private static ObjectNode object(String where, JsonNode found) throws RpcError {
    if (found.isMissingNode() || found.isNull()) {
      return JSON.objectNode();
    }
    if (found instanceof ObjectNode object) {
      return object;
    }
    throw new RpcError(
        RpcError.INVALID_PARAMS,
        "%s: expected an object, found %s".formatted(where, excerpt(found)));
  }

  private ObjectNode result(String method, ObjectNode params) throws RpcError {
    return switch (method) {
      case "initialize" -> initialize(params);
      case "ping" -> JSON.objectNode();
      case "tools/list" -> list(params);
      case "tools/call" -> call(params);
      default ->
          throw new RpcError(
              RpcError.METHOD_NOT_FOUND,
              "unknown method %s: this server has initialize, ping, tools/list, tools/call"
                  .formatted(excerpt(JSON.stringNode(method))));
    };
  }

  private ObjectNode initialize(ObjectNode params) throws RpcError {
    JsonNode asked = params.path("protocolVersion");
    if (!asked.isString()) {
      throw new RpcError(
          RpcError.INVALID_PARAMS,
          "protocolVersion: expected a string such as %s".formatted(VERSIONS.get(0)));
    }
    version = VERSIONS.contains(asked.asString()) ? asked.asString() : VERSIONS.get(0);
    ObjectNode result = JSON.objectNode();
    result.put("protocolVersion", version);
    result.putObject("capabilities").putObject("tools").put("listChanged", false);
    result
        .putObject("serverInfo")
        .put("name", card.name())
        .put("title", card.title())
        .put("version", card.version());
    result.put("instructions", card.instructions());
    return result;
  }

  private ObjectNode list(ObjectNode params) throws RpcError {
    if (params.has("cursor")) {
      throw new RpcError(
          RpcError.INVALID_PARAMS, "cursor: expected none, for all tools come on one page");
    }
    ObjectNode result = JSON.objectNode();
    result.set("tools", tools.definitions());
    return result;
  }

  private ObjectNode call(ObjectNode params) throws RpcError {
    String name = params.path("name").asString("");
    JsonNode arguments = params.path("arguments");
    ToolAnswer answer =
        tools
            .call(name, object("arguments", arguments))
            .orElseThrow(
                () ->
                    new RpcError(
                        RpcError.INVALID_PARAMS,
                        "unknown tool %s: this server has %s"
                            .formatted(excerpt(params.path("name")), tools.names())));
    return switch (answer) {
      case ToolAnswer.Result it -> {
        ObjectNode result = content(it.text());
        result.set("structuredContent", it.structured());
        yield result.put("isError", false);
      }
      case ToolAnswer.Failure it -> content(it.text()).put("isError", true);
    };
  }

  private static ObjectNode content(String text) {
    ObjectNode result = JSON.objectNode();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  private static ObjectNode success(JsonNode id, ObjectNode result) {
    ObjectNode answer = envelope(id);
    answer.set("result", result);
    return answer;
  }

  private static ObjectNode failure(JsonNode id, RpcError error) {
    ObjectNode answer = envelope(id);
    answer.putObject("error").put("code", error.code()).put("message", error.text());
    return answer;
  }

  private static ObjectNode envelope(JsonNode id) {
    ObjectNode answer = JSON.objectNode().put("jsonrpc", "2.0");
    answer.set("id", id);
    return answer;
  }

  private static String excerpt(JsonNode node) {
    String text = node.isMissingNode() ? "nothing" : node.toString();
    return text.length() <= 80 ? text : text.substring(0, 80) + "…";
  }
}
