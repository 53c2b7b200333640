package dev.workflow.models;

import dev.langchain4j.data.message.AiMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A thinking block of Anthropic with the signature that proves it: it goes back as it came, or not
 * at all.
 */
final class AnthropicReasoning {
  private static final String SIGNATURE = "thinking_signature";
  private static final String REDACTED = "redacted_thinking";

  private AnthropicReasoning() {}

  /** The block to send back; null: there is none, or several that the library has run together. */
  static @Nullable JsonNode keep(AiMessage message) {
    Map<String, Object> attributes = message.attributes();
    ObjectNode block = JsonNodeFactory.instance.objectNode();
    String thinking = message.thinking();
    Object signature = attributes.get(SIGNATURE);
    if (thinking != null && signature instanceof String proof) {
      if (proof.contains("\n")) {
        return null;
      }
      block.put("thinking", thinking).put("signature", proof);
    }
    if (attributes.get(REDACTED) instanceof List<?> redacted && !redacted.isEmpty()) {
      ArrayNode list = block.putArray("redacted");
      redacted.forEach(data -> list.add(String.valueOf(data)));
    }
    return block.isEmpty() ? null : block;
  }

  /** Puts a block that was kept into a message again. */
  static void restore(JsonNode block, AiMessage.Builder message) {
    Map<String, Object> attributes = new HashMap<>();
    if (block.has("thinking")) {
      message.thinking(block.path("thinking").asString(""));
      attributes.put(SIGNATURE, block.path("signature").asString(""));
    }
    if (block.has("redacted")) {
      List<String> redacted = new ArrayList<>();
      block.path("redacted").forEach(data -> redacted.add(data.asString("")));
      attributes.put(REDACTED, redacted);
    }
    message.attributes(attributes);
  }
}
