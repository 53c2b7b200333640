package dev.workflow.skills;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code SKILL.md}: fields between two lines of {@code ---}, then the instructions. Of the fields
 * only texts at the outermost level are read, plain, quoted or as a block.
 */
record Markdown(Map<String, String> fields, String body) {
  private static final String FENCE = "---";

  static Markdown read(String text) {
    List<String> lines = text.strip().replace("\uFEFF", "").lines().toList();
    int end = lines.isEmpty() || !lines.get(0).strip().equals(FENCE) ? -1 : fence(lines);
    return end < 0
        ? new Markdown(Map.of(), text.strip())
        : new Markdown(
            fields(lines.subList(1, end)),
            String.join("\n", lines.subList(end + 1, lines.size())).strip());
  }

  /** The text of a field; empty: there is none, or it is blank. */
  Optional<String> field(String name) {
    return Optional.ofNullable(fields.get(name)).filter(text -> !text.isBlank());
  }

  private static int fence(List<String> lines) {
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).stripTrailing().equals(FENCE)) {
        return i;
      }
    }
    return -1;
  }

  private static Map<String, String> fields(List<String> lines) {
    Map<String, List<String>> raw = new LinkedHashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      boolean starts =
          colon > 0 && !Character.isWhitespace(line.charAt(0)) && !line.startsWith("#");
      if (starts) {
        current = new ArrayList<>();
        current.add(line.substring(colon + 1).strip());
        raw.put(line.substring(0, colon).strip().toLowerCase(Locale.ROOT), current);
      } else if (!line.startsWith("#")) {
        current.add(line.strip());
      }
    }
    Map<String, String> fields = new LinkedHashMap<>();
    raw.forEach((name, parts) -> fields.put(name, value(parts)));
    return fields;
  }

  private static String value(List<String> parts) {
    String first = parts.get(0);
    if (first.startsWith("|")) {
      return String.join("\n", parts.subList(1, parts.size())).strip();
    }
    if (first.startsWith(">")) {
      return String.join(" ", parts.subList(1, parts.size())).strip();
    }
    return unquoted(String.join(" ", parts).strip());
  }

  private static String unquoted(String text) {
    if (text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")) {
      return text.substring(1, text.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\");
    }
    if (text.length() > 1 && text.startsWith("'") && text.endsWith("'")) {
      return text.substring(1, text.length() - 1).replace("''", "'");
    }
    int comment = text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).stripTrailing();
  }
}
