package dev.workflow.engine;

import java.util.Locale;

/**
 * Where two texts part, and a little of both around it: one line, in which characters that nobody
 * sees, or that could steer a terminal, are written out.
 */
public final class TextDifference {

  /** Characters that are shown before the first that differs. */
  private static final int BEFORE = 24;

  /** Characters that are shown from it on. */
  private static final int AFTER = 40;

  private TextDifference() {}

  /** Of two texts that differ. */
  public static String of(String before, String now) {
    int[] old = before.codePoints().toArray();
    int[] fresh = now.codePoints().toArray();
    int at = 0;
    while (at < old.length && at < fresh.length && old[at] == fresh[at]) {
      at++;
    }
    return "at character %,d: was \"%s\", is now \"%s\""
        .formatted(at + 1, around(old, at), around(fresh, at));
  }

  private static String around(int[] text, int at) {
    int from = at <= BEFORE ? 0 : at - BEFORE;
    int to = Math.min(text.length, at + AFTER);
    StringBuilder shown = new StringBuilder(from > 0 ? "…" : "");
    for (int i = from; i < to; i++) {
      append(text[i], shown);
    }
    return shown.append(to < text.length ? "…" : "").toString();
  }

  /** A text on one line, with what cannot be seen written out. */
  public static String visible(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().forEach(c -> append(c, shown));
    return shown.toString();
  }

  private static void append(int c, StringBuilder shown) {
    if (c == '\n') {
      shown.append("\\n");
    } else if (c == '\t') {
      shown.append("\\t");
    } else if (isHidden(c)) {
      shown.append(String.format(Locale.ROOT, "\\u{%x}", c));
    } else {
      shown.appendCodePoint(c);
    }
  }

  private static boolean isHidden(int c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.UNASSIGNED
        || type == Character.PRIVATE_USE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || (type == Character.SPACE_SEPARATOR && c != ' ')
        || (c >= 0xFE00 && c <= 0xFE0F)
        || (c >= 0xE0000 && c <= 0xE0FFF);
  }
}
