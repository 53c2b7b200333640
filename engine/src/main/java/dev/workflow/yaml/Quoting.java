package dev.workflow.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Writes a text as YAML that is safe to paste. */
final class Quoting {

  /** Longer texts are cut in messages: people find the line by its place. */
  private static final int SHOWN_CHARS_MAX = 60;

  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_./-]+");

  private Quoting() {}

  /** In double quotes, or in single ones where it holds those or backslashes; cut like shown. */
  static String quoted(String whole) {
    String text = shown(whole);
    return text.indexOf('"') < 0 && text.indexOf('\\') < 0
        ? '"' + text + '"'
        : "'" + text.replace("'", "''") + "'";
  }

  /** A value as YAML writes it in one line. */
  static String flow(JsonNode value) {
    List<String> parts = new ArrayList<>();
    if (value.isObject()) {
      value.properties().forEach(e -> parts.add(e.getKey() + ": " + flow(e.getValue())));
      return "{" + String.join(", ", parts) + "}";
    }
    if (value.isArray()) {
      value.forEach(element -> parts.add(flow(element)));
      return "[" + String.join(", ", parts) + "]";
    }
    return value.isString() && !BARE.matcher(value.stringValue()).matches()
        ? quoted(value.stringValue())
        : value.asString("null");
  }

  /** A text for a message, cut where it is long. */
  static String shown(String text) {
    String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    if (line.length() <= SHOWN_CHARS_MAX) {
      return line;
    }
    int end = SHOWN_CHARS_MAX;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
