package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON-RPC messages as trees: numbers stay exact, and nothing deeper or longer than a limit. */
final class Messages {
  /** Levels of nesting; what is deeper overflows stacks further down. */
  static final int MAX_DEPTH = 200;

  /** Values, names and brackets; one of three bytes takes more than fifty in memory. */
  static final int MAX_TOKENS = 1_000_000;

  /** The code of errors that this side makes up; its data is the failure itself. */
  static final int SYNTHETIC = -32_000;

  private static final Pattern ADVICE =
      Pattern.compile(
          "(, from `[^`]*`| for `ObjectNode`: not allowed .*|: enable `[^`]*` to allow| \\(start marker at .*|: was expecting .*)");

  private final int maxBytes;
  private final JsonMapper mapper;

  Messages(int maxBytes) {
    this.maxBytes = maxBytes;
    StreamReadConstraints constraints =
        StreamReadConstraints.builder()
            .maxNestingDepth(MAX_DEPTH)
            .maxStringLength(maxBytes)
            .maxDocumentLength(maxBytes)
            .maxTokenCount(MAX_TOKENS)
            .build();
    this.mapper =
        JsonMapper.builder(JsonFactory.builder().streamReadConstraints(constraints).build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();
  }

  /** The SDK's view of the same mapper. */
  JacksonMcpJsonMapper forSdk() {
    return new JacksonMcpJsonMapper(mapper);
  }

  JsonNode parse(byte[] text) {
    return mapper.readTree(text);
  }

  /**
   * Why a text could not be parsed, without the library's advice on how to read it all the same.
   */
  static String why(JacksonException e) {
    String reason = ADVICE.matcher(e.getOriginalMessage()).replaceAll("");
    return switch (e) {
      case StreamConstraintsException c -> "is outside the limits: " + reason;
      default -> "is no JSON: " + reason;
    };
  }

  /**
   * A message as it is sent.
   *
   * @param to whom, in words
   * @throws ToolException where it is too large; nothing was sent then
   */
  byte[] write(Object message, String to) {
    byte[] bytes = mapper.writeValueAsBytes(message);
    if (bytes.length > maxBytes) {
      throw Failures.of(
          ErrorKind.INVALID_ARGUMENTS,
          "the message to " + to + " has " + bytes.length + " bytes, more than " + maxBytes,
          List.of(),
          false);
    }
    return bytes;
  }

  JsonNode tree(@Nullable Object value) {
    return value instanceof JsonNode node ? node : mapper.valueToTree(value);
  }

  /** The SDK asks for its own types and, where this rim calls it, for trees. */
  @SuppressWarnings("unchecked")
  <T> T convert(Object data, TypeRef<T> type) {
    return type.getType() == JsonNode.class
        ? (T) tree(data)
        : mapper.convertValue(data, mapper.getTypeFactory().constructType(type.getType()));
  }

  /** The message that a tree holds; empty when it is none. */
  static Optional<JSONRPCMessage> message(JsonNode node) {
    JsonNode method = node.path("method");
    Object id = id(node.path("id"));
    if (method.isString()) {
      JsonNode params = node.get("params");
      return Optional.of(
          id == null
              ? new JSONRPCNotification(method.stringValue(), params)
              : new JSONRPCRequest(method.stringValue(), id, params));
    }
    if (id == null) {
      return Optional.empty();
    }
    if (node.path("error").isObject()) {
      return Optional.of(JSONRPCResponse.error(id, error(node.path("error"))));
    }
    JsonNode result = node.get("result");
    return result == null ? Optional.empty() : Optional.of(JSONRPCResponse.result(id, result));
  }

  /** An answer that this side makes up, because the server's will not come. */
  static JSONRPCMessage synthetic(Object id, RuntimeException failure) {
    return JSONRPCResponse.error(
        id, new JSONRPCError(SYNTHETIC, String.valueOf(failure.getMessage()), failure));
  }

  private static JSONRPCError error(JsonNode error) {
    return new JSONRPCError(
        error.path("code").asInt(0),
        error.path("message").asString("the server gave no message"),
        error.get("data"));
  }

  private static @Nullable Object id(JsonNode id) {
    if (id.isString()) {
      return id.stringValue();
    }
    return id.isIntegralNumber() ? (Object) id.longValue() : null;
  }
}
