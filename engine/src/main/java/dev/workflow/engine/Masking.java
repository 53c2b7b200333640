package dev.workflow.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replaces secret values in what comes from outside, once, before it is recorded; the run itself
 * sees only what is left. A secret is found as it is, in JSON, in addresses and pages, in
 * hexadecimal digits and Base64, also over the ends of lines, and in part where a text begins, ends
 * or was cut. Values shorter than six characters are no secrets: masking them would tear ordinary
 * text.
 */
public final class Masking {

  /** What stands where a secret was. */
  public static final String MASK = "[secret]";

  private static final int SHORTEST = 6;
  private final Supplier<Set<String>> secrets;
  private volatile Known known = new Known(Set.of(), List.of());

  /** All ways to write the secrets of a moment, longest first, without ends of lines. */
  private record Known(Set<String> secrets, List<String> hidden) {}

  /** Masks the values that the supplier gives at the time of each call. */
  public Masking(Supplier<Set<String>> secrets) {
    this.secrets = secrets;
  }

  /** A text without secrets. */
  public String text(String text) {
    return mask(text, hidden());
  }

  /**
   * A value without secrets in its texts, keys and numbers; the same node where there was none. A
   * number that is a secret becomes a text.
   */
  public JsonNode value(JsonNode value) {
    List<String> hidden = hidden();
    return hidden.isEmpty() ? value : mask(value, hidden);
  }

  private List<String> hidden() {
    Set<String> now = secrets.get();
    Known last = known;
    if (!last.secrets().equals(now)) {
      last = new Known(Set.copyOf(now), longestFirst(now));
      known = last;
    }
    return last.hidden();
  }

  private static List<String> longestFirst(Set<String> secrets) {
    Set<String> all = new LinkedHashSet<>();
    for (String secret : secrets) {
      if (secret.strip().length() >= SHORTEST) {
        all.addAll(Disguises.of(secret));
        Disguises.lines(secret).forEach(line -> all.addAll(Disguises.of(line)));
      }
    }
    return all.stream()
        .map(way -> Unbroken.of(way).text())
        .filter(way -> way.length() >= SHORTEST)
        .distinct()
        .sorted(Comparator.comparingInt(String::length).reversed())
        .toList();
  }

  private static String mask(String text, List<String> hidden) {
    if (text.length() < SHORTEST || hidden.isEmpty()) {
      return text;
    }
    Unbroken unbroken = Unbroken.of(text);
    List<Traces.Range> found = Traces.of(unbroken.text(), hidden);
    if (found.isEmpty()) {
      return text;
    }
    StringBuilder masked = new StringBuilder(text.length());
    int done = 0;
    for (Traces.Range range : found) {
      masked.append(text, done, unbroken.at(range.from())).append(MASK);
      done = unbroken.at(range.to() - 1) + 1;
    }
    return masked.append(text, done, text.length()).toString();
  }

  private static JsonNode mask(JsonNode value, List<String> hidden) {
    if (value.isString()) {
      String masked = mask(value.stringValue(), hidden);
      return masked.equals(value.stringValue())
          ? value
          : JsonNodeFactory.instance.stringNode(masked);
    }
    if (value.isNumber()) {
      return hidden.contains(value.asString()) ? JsonNodeFactory.instance.stringNode(MASK) : value;
    }
    if (value.isArray()) {
      return maskedArray(value, hidden);
    }
    return value.isObject() ? maskedObject(value, hidden) : value;
  }

  private static JsonNode maskedArray(JsonNode value, List<String> hidden) {
    List<JsonNode> elements = new ArrayList<>(value.size());
    boolean changed = false;
    for (JsonNode element : value) {
      JsonNode masked = mask(element, hidden);
      changed |= isAnother(masked, element);
      elements.add(masked);
    }
    if (!changed) {
      return value;
    }
    ArrayNode copy = JsonNodeFactory.instance.arrayNode(elements.size());
    elements.forEach(copy::add);
    return copy;
  }

  private static JsonNode maskedObject(JsonNode value, List<String> hidden) {
    @Nullable ObjectNode copy = null;
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String key = mask(entry.getKey(), hidden);
      JsonNode masked = mask(entry.getValue(), hidden);
      if (copy == null && (isAnother(masked, entry.getValue()) || !key.equals(entry.getKey()))) {
        copy = upTo(value, entry.getKey());
      }
      if (copy != null) {
        copy.set(key, masked);
      }
    }
    return copy == null ? value : copy;
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isAnother(JsonNode masked, JsonNode value) {
    return masked != value;
  }

  private static ObjectNode upTo(JsonNode value, String end) {
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      if (entry.getKey().equals(end)) {
        break;
      }
      copy.set(entry.getKey(), entry.getValue());
    }
    return copy;
  }
}
