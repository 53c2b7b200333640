package dev.workflow.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
  private volatile Known known = new Known(Set.of(), List.of(), List.of());

  /**
   * All ways to write the secrets of a moment.
   *
   * @param whole as they are written
   * @param unbroken without ends of lines
   */
  private record Known(Set<String> secrets, List<String> whole, List<String> unbroken) {
    boolean isEmpty() {
      return whole.isEmpty();
    }
  }

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
    Known hidden = hidden();
    return hidden.isEmpty() ? value : mask(value, hidden);
  }

  private Known hidden() {
    Set<String> now = secrets.get();
    Known last = known;
    if (!last.secrets().equals(now)) {
      Set<String> ways = ways(now);
      last =
          new Known(
              Set.copyOf(now),
              longEnough(ways.stream()),
              longEnough(ways.stream().map(way -> Unbroken.of(way).text())));
      known = last;
    }
    return last;
  }

  private static Set<String> ways(Set<String> secrets) {
    Set<String> all = new LinkedHashSet<>();
    for (String secret : secrets) {
      if (secret.strip().length() >= SHORTEST) {
        all.addAll(Disguises.of(secret));
        Disguises.lines(secret).forEach(line -> all.addAll(Disguises.of(line)));
      }
    }
    return all;
  }

  private static List<String> longEnough(Stream<String> ways) {
    return ways.filter(way -> way.length() >= SHORTEST).distinct().toList();
  }

  private static String mask(String text, Known hidden) {
    if (text.length() < SHORTEST || hidden.isEmpty()) {
      return text;
    }
    List<Traces.Range> found = new ArrayList<>(Traces.of(text, hidden.whole()));
    Unbroken unbroken = Unbroken.of(text);
    if (unbroken.isShorter() || !hidden.unbroken().equals(hidden.whole())) {
      for (Traces.Range range : Traces.of(unbroken.text(), hidden.unbroken())) {
        found.add(new Traces.Range(unbroken.at(range.from()), unbroken.at(range.to() - 1) + 1));
      }
    }
    StringBuilder masked = new StringBuilder(text.length());
    int done = 0;
    for (Traces.Range range : Traces.merged(found)) {
      masked.append(text, done, range.from()).append(MASK);
      done = range.to();
    }
    return found.isEmpty() ? text : masked.append(text, done, text.length()).toString();
  }

  private static JsonNode mask(JsonNode value, Known hidden) {
    if (value.isString()) {
      String masked = mask(value.stringValue(), hidden);
      return masked.equals(value.stringValue())
          ? value
          : JsonNodeFactory.instance.stringNode(masked);
    }
    if (value.isNumber()) {
      return hidden.whole().contains(value.asString())
          ? JsonNodeFactory.instance.stringNode(MASK)
          : value;
    }
    if (value.isArray()) {
      return maskedArray(value, hidden);
    }
    return value.isObject() ? maskedObject(value, hidden) : value;
  }

  private static JsonNode maskedArray(JsonNode value, Known hidden) {
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

  private static JsonNode maskedObject(JsonNode value, Known hidden) {
    @Nullable ObjectNode copy = null;
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      String key = maskedKey(entry.getKey(), hidden);
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

  /** Keys are words of a protocol: only a whole secret in one is one. */
  private static String maskedKey(String key, Known hidden) {
    return hidden.whole().stream().anyMatch(key::contains) ? mask(key, hidden) : key;
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
