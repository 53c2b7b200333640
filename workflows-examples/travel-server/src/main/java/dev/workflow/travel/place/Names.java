package dev.workflow.travel.place;

import java.text.Normalizer;
import java.util.Locale;

/** How names are compared: without case, diacritics and punctuation. */
final class Names {
  private Names() {}

  /**
   * {@code "Whāingaroa"} gives {@code "whaingaroa"}, {@code "Mt. Cook"} gives {@code "mount cook"}.
   */
  static String folded(String name) {
    var out = new StringBuilder(name.length());
    boolean gap = false;
    String plain = Normalizer.normalize(name, Normalizer.Form.NFD).toLowerCase(Locale.ROOT);
    for (int i = 0; i < plain.length(); i++) {
      char c = plain.charAt(i);
      if (isSilent(c)) {
        continue;
      }
      if (!Character.isLetterOrDigit(c)) {
        gap = true;
        continue;
      }
      if (gap && !out.isEmpty()) {
        out.append(' ');
      }
      gap = false;
      out.append(spelled(c));
    }
    return abbreviationsOpened(out.toString());
  }

  /** Combining marks, apostrophes and the ʻokina join what stands around them. */
  private static boolean isSilent(char c) {
    return Character.getType(c) == Character.NON_SPACING_MARK || "'’‘ʻʼ`".indexOf(c) >= 0;
  }

  private static String spelled(char c) {
    return switch (c) {
      case 'ø' -> "o";
      case 'ł' -> "l";
      case 'đ' -> "d";
      case 'ß' -> "ss";
      case 'æ' -> "ae";
      case 'œ' -> "oe";
      case 'ı' -> "i";
      default -> String.valueOf(c);
    };
  }

  private static String abbreviationsOpened(String name) {
    String padded = " " + name + " ";
    return padded.replace(" mt ", " mount ").replace(" st ", " saint ").strip();
  }

  /**
   * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours
   * that turn {@code a} into {@code b}.
   */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
