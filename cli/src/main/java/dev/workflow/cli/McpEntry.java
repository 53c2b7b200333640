package dev.workflow.cli;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What commands do to the entry of a server. */
final class McpEntry {
  private static final String ENABLED = "enabled";

  /** As other clients write it. */
  private static final String DISABLED = "disabled";

  private McpEntry() {}

  /** Switches it off, in the words that stand in it. */
  static void off(ObjectNode entry) {
    if (entry.has(DISABLED)) {
      entry.put(DISABLED, true);
    } else {
      entry.put(ENABLED, false);
    }
  }

  /** Switches it on, whatever word had it off. */
  static void on(ObjectNode entry) {
    if (entry.path(DISABLED).asBoolean(false)) {
      entry.put(DISABLED, false);
    }
    if (!entry.path(ENABLED).asBoolean(true)) {
      entry.put(ENABLED, true);
    }
  }

  /** Removes a field, such as {@code timeout} or {@code env.KEY}; whether it was there. */
  static boolean unset(ObjectNode entry, String field) {
    int dot = field.indexOf('.');
    if (dot < 0 || entry.has(field)) {
      return entry.remove(field) != null;
    }
    String map = field.substring(0, dot);
    JsonNode removed =
        entry.get(map) instanceof ObjectNode values
            ? values.remove(field.substring(dot + 1))
            : null;
    if (entry.path(map).isEmpty()) {
      entry.remove(map);
    }
    return removed != null;
  }

  /** A copy of an entry, to be changed; of none, an empty one. */
  static ObjectNode copy(@Nullable JsonNode entry) {
    return entry instanceof ObjectNode object
        ? object.deepCopy()
        : JsonNodeFactory.instance.objectNode();
  }
}
