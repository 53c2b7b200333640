package dev.workflow.cassette;

import dev.workflow.engine.Canonical;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What is different between two requests, field by field, for people. */
final class Differences {
  private static final int SHOWN = 120;
  private static final int BEFORE = 40;

  private final List<String> lines = new ArrayList<>();
  private final boolean told;
  private final int most;
  private int count;

  /**
   * Nothing yet.
   *
   * @param told whether they are wanted in words, or their number alone
   * @param most how many are looked for
   */
  private Differences(boolean told, int most) {
    this.told = told;
    this.most = most;
  }

  /** Lines such as {@code arguments.place: recorded "Raglan", asked "Taupo"}; empty: equal. */
  static List<String> between(JsonNode recorded, JsonNode asked) {
    Differences differences = new Differences(true, Integer.MAX_VALUE);
    differences.compare("", recorded, asked);
    return differences.lines;
  }

  /** How many fields are different; no further than to a number. */
  static int count(JsonNode recorded, JsonNode asked, int most) {
    Differences differences = new Differences(false, most);
    differences.compare("", recorded, asked);
    return differences.count;
  }

  private void compare(String field, @Nullable JsonNode recorded, @Nullable JsonNode asked) {
    if (count >= most) {
      return;
    }
    if (recorded == null || asked == null) {
      add(field, recorded, asked);
    } else if (recorded.isObject() && asked.isObject()) {
      Set<String> names = new LinkedHashSet<>(recorded.propertyNames());
      names.addAll(asked.propertyNames());
      for (String name : names) {
        String inner = !told ? "" : field.isEmpty() ? name : field + "." + name;
        compare(inner, recorded.get(name), asked.get(name));
      }
    } else if (recorded.isArray() && asked.isArray()) {
      for (int i = 0; i < Math.max(recorded.size(), asked.size()); i++) {
        compare(told ? field + "[" + i + "]" : "", recorded.get(i), asked.get(i));
      }
    } else if (recorded.isString() && asked.isString()) {
      texts(field, recorded.stringValue(), asked.stringValue());
    } else if (!Canonical.json(recorded).equals(Canonical.json(asked))) {
      add(field, recorded, asked);
    }
  }

  private void add(String field, @Nullable JsonNode recorded, @Nullable JsonNode asked) {
    count++;
    if (told) {
      lines.add(field + ": recorded " + shown(recorded) + ", asked " + shown(asked));
    }
  }

  /** Of long texts the line in which they begin to differ is shown. */
  private void texts(String field, String recorded, String asked) {
    if (recorded.equals(asked)) {
      return;
    }
    count++;
    if (!told) {
      return;
    }
    boolean brief = recorded.length() + asked.length() <= SHOWN;
    if (brief && recorded.lines().count() <= 1 && asked.lines().count() <= 1) {
      lines.add("%s: recorded \"%s\", asked \"%s\"".formatted(field, recorded, asked));
      return;
    }
    List<String> before = List.of(recorded.split("\n", -1));
    List<String> now = List.of(asked.split("\n", -1));
    int line = 0;
    while (line < before.size() && line < now.size() && before.get(line).equals(now.get(line))) {
      line++;
    }
    String one = line < before.size() ? before.get(line) : null;
    String other = line < now.size() ? now.get(line) : null;
    int at = firstDifference(one, other);
    lines.add("%s differs from line %d, column %d on:".formatted(field, line + 1, at + 1));
    lines.add("  recorded: " + around(one, at));
    lines.add("  asked:    " + around(other, at));
  }

  private static int firstDifference(@Nullable String one, @Nullable String other) {
    int at = 0;
    while (one != null
        && other != null
        && at < one.length()
        && at < other.length()
        && one.charAt(at) == other.charAt(at)) {
      at++;
    }
    return at;
  }

  private static String around(@Nullable String line, int at) {
    if (line == null) {
      return "(no such line)";
    }
    int from = line.length() <= SHOWN ? 0 : Math.max(0, at - BEFORE);
    int to = Math.min(line.length(), from + SHOWN);
    return (from > 0 ? "…" : "") + line.substring(from, to) + (to < line.length() ? "…" : "");
  }

  private static String shown(@Nullable JsonNode value) {
    if (value == null) {
      return "nothing";
    }
    String text = value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }
}
