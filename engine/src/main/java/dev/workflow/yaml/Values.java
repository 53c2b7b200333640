package dev.workflow.yaml;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Counts;
import dev.workflow.definition.Durations;
import dev.workflow.definition.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads values of a map whose shape was checked. What has another shape counts as absent. */
final class Values {

  private Values() {}

  static @Nullable String text(JsonNode map, String key) {
    JsonNode value = map.path(key);
    return value.isString() ? value.stringValue() : null;
  }

  /** A text that is there unless it was found wrong before. */
  static String text(JsonNode map, String key, String otherwise) {
    String value = text(map, key);
    return value == null ? otherwise : value;
  }

  /** An expression: text, or true or false as they are. */
  static @Nullable String expression(JsonNode map, String key) {
    JsonNode value = map.path(key);
    return value.isBoolean() ? value.toString() : text(map, key);
  }

  static List<String> texts(JsonNode map, String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : map.path(key)) {
      if (value.isString()) {
        texts.add(value.stringValue());
      }
    }
    return texts;
  }

  static @Nullable Integer count(JsonNode map, String key) {
    JsonNode value = map.path(key);
    if (value.isInt()) {
      return value.intValue();
    }
    OptionalInt count = value.isString() ? Counts.parse(value.stringValue()) : OptionalInt.empty();
    return count.isPresent() ? Integer.valueOf(count.getAsInt()) : null;
  }

  static int count(JsonNode map, String key, int otherwise) {
    Integer count = count(map, key);
    return count == null ? otherwise : count;
  }

  /** What the {@code limits} of an agent or a step allow. */
  static Allowance allowance(JsonNode limits) {
    return new Allowance(
        count(limits, "tokens"),
        money(limits, "cost"),
        count(limits, "model_calls"),
        count(limits, "tool_calls"),
        duration(limits, "time"),
        count(limits, "replans"));
  }

  /** An amount; absent where the text is none, which is reported with the structure. */
  static @Nullable Money money(JsonNode map, String key) {
    String text = text(map, key);
    try {
      return text == null ? null : Money.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  static @Nullable Duration duration(JsonNode map, String key) {
    String text = text(map, key);
    return text == null ? null : Durations.parse(text).orElse(null);
  }

  static boolean flag(JsonNode map, String key, boolean otherwise) {
    JsonNode value = map.path(key);
    return value.isBoolean() ? value.booleanValue() : otherwise;
  }
}
