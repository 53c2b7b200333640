package dev.workflow.engine;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/** What differs between two definitions of one tool, a line for each part. */
public final class ToolDifference {

  /** Lines that are shown of one schema. */
  private static final int LINES_MAX = 5;

  /** Characters of a value that only one of them has. */
  private static final int VALUE_CHARS_MAX = 80;

  private ToolDifference() {}

  /** Of two definitions whose digests differ; empty where they do not. */
  public static List<String> of(ToolSpec before, ToolSpec now) {
    if (before.digest().equals(now.digest())) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    if (!before.description().equals(now.description())) {
      lines.add("description " + TextDifference.of(before.description(), now.description()));
    }
    schema("input", before.inputSchema(), now.inputSchema(), lines);
    schema("output", node(before.outputSchema()), node(now.outputSchema()), lines);
    if (before.effect() != now.effect()) {
      lines.add("effect: was %s, is now %s".formatted(before.effect().word(), now.effect().word()));
    }
    if (before.openWorld() != now.openWorld()) {
      lines.add(
          now.openWorld()
              ? "reaches out to the open world now"
              : "says that it does not reach out to the open world any more");
    }
    return lines.isEmpty() ? List.of("annotations") : lines;
  }

  private static JsonNode node(@Nullable JsonNode schema) {
    return schema == null ? MissingNode.getInstance() : schema;
  }

  private static void schema(String name, JsonNode before, JsonNode now, List<String> lines) {
    List<String> found = new ArrayList<>();
    walk(name + " ", "", before, now, found);
    lines.addAll(found.subList(0, Math.min(LINES_MAX, found.size())));
    if (found.size() > LINES_MAX) {
      lines.add("%s: %,d more differences".formatted(name, found.size() - LINES_MAX));
    }
  }

  private static void walk(
      String name, String pointer, JsonNode before, JsonNode now, List<String> lines) {
    if (before.isObject() && now.isObject()) {
      Set<String> keys = new LinkedHashSet<>(before.propertyNames());
      keys.addAll(now.propertyNames());
      for (String key : keys) {
        walk(name, Pointers.child(pointer, key), before.path(key), now.path(key), lines);
      }
    } else if (before.isArray() && now.isArray()) {
      for (int i = 0; i < Math.max(before.size(), now.size()); i++) {
        walk(name, pointer + "/" + i, before.path(i), now.path(i), lines);
      }
    } else if (!same(before, now)) {
      lines.add(TextDifference.visible(name + pointer).strip() + difference(before, now));
    }
  }

  private static boolean same(JsonNode before, JsonNode now) {
    return (before.isMissingNode() || now.isMissingNode())
        ? before.isMissingNode() == now.isMissingNode()
        : Canonical.json(before).equals(Canonical.json(now));
  }

  private static String difference(JsonNode before, JsonNode now) {
    if (before.isString() && now.isString()) {
      return " " + TextDifference.of(before.stringValue(), now.stringValue());
    }
    return ": was %s, is now %s".formatted(shown(before), shown(now));
  }

  private static String shown(JsonNode value) {
    if (value.isMissingNode()) {
      return "not there";
    }
    String text = value.toString();
    String cut =
        text.length() <= VALUE_CHARS_MAX
            ? text
            : text.substring(
                    0,
                    text.offsetByCodePoints(
                        0, Math.min(VALUE_CHARS_MAX, text.codePointCount(0, text.length()))))
                + "…";
    return TextDifference.visible(cut);
  }
}
