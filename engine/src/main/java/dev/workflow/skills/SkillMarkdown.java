package dev.workflow.skills;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The text of a {@code SKILL.md} in two parts. Both together are the file as it was written, so
 * nothing is lost between reading and writing.
 *
 * @param head all up to and including the second line of {@code ---}; empty: there is none
 * @param body the rest
 */
public record SkillMarkdown(String head, String body) {
  private static final String FENCE = "---";

  /**
   * Texts that mean the same to every YAML reader without quotes; words such as {@code yes} do not.
   */
  private static final Pattern PLAIN =
      Pattern.compile("\\p{L}[\\p{L}\\p{N}_.,()/-]*( [\\p{L}\\p{N}_.,()/-]+)*");

  private static final Pattern RESERVED =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|inf");

  /** The parts of a text. */
  public static SkillMarkdown read(String text) {
    int start = firstLine(text);
    if (!line(text, start).equals(FENCE)) {
      return new SkillMarkdown("", text);
    }
    for (int at = next(text, start); at < text.length(); at = next(text, at)) {
      if (line(text, at).equals(FENCE)) {
        int end = next(text, at);
        return new SkillMarkdown(text.substring(0, end), text.substring(end));
      }
    }
    return new SkillMarkdown("", text);
  }

  /** A text with the given fields, in their order and of their types. */
  public static SkillMarkdown of(ObjectNode fields, String body) {
    StringBuilder head = new StringBuilder(FENCE).append('\n');
    fields.properties().forEach(field -> write(field, head));
    return new SkillMarkdown(head.append(FENCE).append('\n').toString(), body);
  }

  /** The whole text, equal to what was read. */
  public String text() {
    return head + body;
  }

  /** What the model is given. */
  String instructions() {
    return body.strip();
  }

  /** The fields as YAML, from the first line of the file on; empty: there are none. */
  Optional<String> fields() {
    if (head.isEmpty()) {
      return Optional.empty();
    }
    int end = head.stripTrailing().length() - FENCE.length();
    return Optional.of(head.substring(0, end));
  }

  /** Whether the first line of the file is the first line of the fields. */
  boolean beginsAtOnce() {
    return head.startsWith(FENCE);
  }

  private static void write(Map.Entry<String, JsonNode> field, StringBuilder out) {
    JsonNode value = field.getValue();
    out.append(scalar(field.getKey())).append(':');
    boolean texts = value.valueStream().allMatch(JsonNode::isString);
    if (value.isObject() && !value.isEmpty() && texts) {
      out.append('\n');
      for (Map.Entry<String, JsonNode> inner : value.properties()) {
        out.append("  ").append(scalar(inner.getKey())).append(": ");
        out.append(scalar(inner.getValue().stringValue())).append('\n');
      }
    } else {
      out.append(' ').append(value.isString() ? scalar(value.stringValue()) : flow(value));
      out.append('\n');
    }
  }

  /** A value in one line, of its own type. */
  private static String flow(JsonNode value) {
    if (value.isString()) {
      return quoted(value.stringValue());
    }
    if (value.isArray()) {
      return value
          .valueStream()
          .map(SkillMarkdown::flow)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    if (value.isObject()) {
      return value.properties().stream()
          .map(inner -> quoted(inner.getKey()) + ": " + flow(inner.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    return value.toString();
  }

  /** A text as YAML has it in one line. */
  static String scalar(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !RESERVED.matcher(text).matches();
    if (plain) {
      return text;
    }
    return quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                default -> {
                  if (isShown(c)) {
                    quoted.append((char) c);
                  } else {
                    quoted.append("\\u%04x".formatted(c));
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }

  /** Whether a character may stand in YAML as it is, and is seen. */
  private static boolean isShown(int c) {
    boolean control = c < ' ' || (c >= 0x7f && c < 0xa0);
    boolean line = c == 0x2028 || c == 0x2029;
    return !control && !line && c != 0xfeff && c < 0xfffe;
  }

  /** Where the first line begins that is not blank; a byte order mark is no text. */
  private static int firstLine(String text) {
    int at = text.startsWith("\uFEFF") ? 1 : 0;
    while (at < text.length() && line(text, at).isEmpty()) {
      at = next(text, at);
    }
    return at;
  }

  private static String line(String text, int at) {
    int end = text.indexOf('\n', at);
    return text.substring(at, end < 0 ? text.length() : end).stripTrailing();
  }

  private static int next(String text, int at) {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end + 1;
  }
}
