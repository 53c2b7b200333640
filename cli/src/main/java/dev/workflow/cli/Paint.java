package dev.workflow.cli;

import java.util.Map;

/**
 * Colors the glyph that begins a line, so that color never carries what the text does not.
 *
 * @param on whether colors are wanted
 */
record Paint(boolean on) {
  private static final String PLAIN = "\u001b[0m";
  private static final Map<Character, String> COLORS =
      Map.of(
          '●', "\u001b[32m",
          '◉', "\u001b[36m",
          '✗', "\u001b[31m",
          '◎', "\u001b[33m",
          '?', "\u001b[33m",
          '!', "\u001b[33m",
          '↻', "\u001b[35m",
          '–', "\u001b[2m");

  /** Lines with their glyphs in color. */
  String lines(String text) {
    if (!on) {
      return text;
    }
    StringBuilder painted = new StringBuilder(text.length() + 16);
    for (String line : text.split("\n", -1)) {
      painted.append(painted.isEmpty() ? "" : "\n");
      paint(line, painted);
    }
    return painted.toString();
  }

  private static void paint(String line, StringBuilder painted) {
    int first = 0;
    while (first < line.length() && line.charAt(first) == ' ') {
      first++;
    }
    boolean alone = first + 1 < line.length() && line.charAt(first + 1) == ' ';
    String color = alone ? COLORS.get(line.charAt(first)) : null;
    if (color == null) {
      painted.append(line);
      return;
    }
    painted.append(line, 0, first).append(color).append(line.charAt(first)).append(PLAIN);
    painted.append(line, first + 1, line.length());
  }
}
