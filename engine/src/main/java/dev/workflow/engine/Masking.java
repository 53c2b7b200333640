package dev.workflow.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces secret values in what comes from outside, once, before it is recorded; the run itself
 * sees only what is left. Values shorter than six characters are no secrets: masking them would
 * tear ordinary text.
 */
public final class Masking {

  /** What stands where a secret was. */
  public static final String MASK = "[secret]";

  private static final int SHORTEST = 6;
  private final Supplier<Set<String>> secrets;

  /** Masks the values that the supplier gives at the time of each call. */
  public Masking(Supplier<Set<String>> secrets) {
    this.secrets = secrets;
  }

  /** A text without secrets. */
  public String text(String text) {
    return mask(text, longestFirst());
  }

  /** A value without secrets in its texts and keys; the same node where there was none. */
  public JsonNode value(JsonNode value) {
    List<String> hidden = longestFirst();
    return hidden.isEmpty() ? value : mask(value, hidden);
  }

  private List<String> longestFirst() {
    return secrets.get().stream()
        .filter(secret -> secret.length() >= SHORTEST)
        .flatMap(secret -> Disguises.of(secret).stream())
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  private static String mask(String text, List<String> hidden) {
    String masked = text;
    for (String secret : hidden) {
      masked = masked.replace(secret, MASK);
    }
    return masked;
  }

  private static JsonNode mask(JsonNode value, List<String> hidden) {
    if (value.isString()) {
      String masked = mask(value.stringValue(), hidden);
      return masked.equals(value.stringValue())
          ? value
          : JsonNodeFactory.instance.stringNode(masked);
    }
    if (value.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode(value.size());
      value.forEach(element -> copy.add(mask(element, hidden)));
      return copy;
    }
    if (value.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        copy.set(mask(entry.getKey(), hidden), mask(entry.getValue(), hidden));
      }
      return copy;
    }
    return value;
  }
}
