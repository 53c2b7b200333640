package dev.workflow.engine;

import org.jspecify.annotations.Nullable;

/**
 * A text without the ends of its lines and the blanks that follow them, also where they are escaped
 * as in JSON: there a long word was broken.
 */
final class Unbroken {
  private final String text;
  private final int @Nullable [] places;

  private Unbroken(String text, int @Nullable [] places) {
    this.text = text;
    this.places = places;
  }

  static Unbroken of(String whole) {
    if (!mayBreak(whole)) {
      return new Unbroken(whole, null);
    }
    StringBuilder kept = new StringBuilder(whole.length());
    int[] places = new int[whole.length()];
    boolean broken = false;
    for (int i = 0; i < whole.length(); i++) {
      char c = whole.charAt(i);
      if (c == '\n' || c == '\r') {
        broken = true;
      } else if (isEscapedEnd(whole, i)) {
        broken = true;
        i++;
      } else if (!broken || (c != ' ' && c != '\t')) {
        broken = false;
        places[kept.length()] = i;
        kept.append(c);
      }
    }
    return new Unbroken(kept.toString(), places);
  }

  private static boolean mayBreak(String whole) {
    return whole.indexOf('\n') >= 0
        || whole.indexOf('\r') >= 0
        || whole.contains("\\n")
        || whole.contains("\\r");
  }

  private static boolean isEscapedEnd(String whole, int at) {
    return whole.charAt(at) == '\\'
        && at + 1 < whole.length()
        && (whole.charAt(at + 1) == 'n' || whole.charAt(at + 1) == 'r');
  }

  /** Whether anything was left out. */
  boolean isShorter() {
    return places != null;
  }

  String text() {
    return text;
  }

  /** Where a character of {@link #text} stands in the whole. */
  int at(int index) {
    return places == null ? index : places[index];
  }
}
