package dev.workflow.cli;

import java.util.Locale;
import org.jline.utils.WCWidth;

/**
 * Text from tools, models and files, made safe for a terminal: control, bidirectional and tag
 * characters are shown as {@code U+FFFD}; line breaks and tabs stay.
 */
final class Printable {
  private static final char REPLACEMENT = '\uFFFD';

  private Printable() {}

  /** Several lines. */
  static String text(String text) {
    StringBuilder safe = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> safe.appendCodePoint(c == '\n' || c == '\t' || isSafe(c) ? c : REPLACEMENT));
    return safe.toString();
  }

  /** One line of at most so many columns of a terminal, cut with an ellipsis. */
  static String line(String text, int most) {
    String line = text(text.strip()).replaceAll("[\\n\\t]+", " ");
    int columns = 0;
    int cut = 0;
    for (int at = 0; at < line.length(); ) {
      int c = line.codePointAt(at);
      columns += columns(c);
      if (columns > most) {
        return line.substring(0, cut) + "…";
      }
      at += Character.charCount(c);
      cut = columns < most ? at : cut;
    }
    return line;
  }

  /** Wide characters take two columns of a terminal, combining ones none. */
  private static int columns(int c) {
    return Math.max(0, WCWidth.wcwidth(c));
  }

  /** The same, keeping the spaces that it begins with. */
  static String indented(String text, int most) {
    int indent = text.length() - text.stripLeading().length();
    return " ".repeat(indent) + line(text, most - indent);
  }

  /** Written JSON with the same value: what could steer a terminal is escaped. */
  static String json(String json) {
    StringBuilder safe = new StringBuilder(json.length());
    json.codePoints()
        .forEach(
            c -> {
              if (c == '\n' || isSafe(c)) {
                safe.appendCodePoint(c);
              } else {
                for (char unit : Character.toChars(c)) {
                  safe.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
              }
            });
    return safe.toString();
  }

  /** Tag characters and the like are of the type FORMAT. */
  private static boolean isSafe(int c) {
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.SURROGATE
        && !(c >= 0xE0000 && c <= 0xE007F);
  }
}
