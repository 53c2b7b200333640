package dev.workflow.cli;

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

  /** One line of at most so many characters, cut with an ellipsis. */
  static String line(String text, int most) {
    String line = text(text).replaceAll("\\s+", " ").strip();
    return line.length() <= most ? line : line.substring(0, Math.max(0, most - 1)) + "…";
  }

  private static boolean isSafe(int c) {
    int type = Character.getType(c);
    boolean steers =
        type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR
            || type == Character.SURROGATE
            || type == Character.UNASSIGNED;
    return !steers && !(c >= 0xE0000 && c <= 0xE007F);
  }
}
