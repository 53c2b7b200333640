package dev.workflow.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name somebody probably meant. */
public final class Nearest {
  private static final int SHOWN_MAX = 40;

  private Nearest() {}

  /**
   * The known name nearest to a word: the fewest characters inserted, left out, replaced or swapped
   * with their neighbour, at most one for each three characters of the longer one. Upper and lower
   * case are near, and so are {@code -} and {@code _}.
   *
   * @return empty when nothing is near
   */
  public static Optional<String> to(String word, Collection<String> names) {
    String wanted = plain(word);
    return names.stream()
        .filter(name -> !name.equals(word))
        .map(name -> new Scored(name, distance(wanted, plain(name))))
        .filter(scored -> scored.near(wanted))
        .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::name))
        .map(Scored::name);
  }

  /** {@code Did you mean `x`?} where a name is near, else the names there are. */
  public static String hint(String word, Collection<String> names) {
    return to(word, names)
        .map(name -> "Did you mean `" + name + "`?")
        .orElseGet(() -> known(names));
  }

  private static String known(Collection<String> names) {
    return names.isEmpty()
        ? "There are none."
        : "Known: " + String.join(", ", names.stream().sorted().limit(SHOWN_MAX).toList()) + ".";
  }

  private record Scored(String name, int distance) {
    boolean near(String wanted) {
      int longer = Math.max(wanted.length(), name.length());
      return distance <= Math.max(1, longer / 3) && distance < longer;
    }
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Optimal string alignment: the rows of the table are kept for two steps back. */
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1 && j > 1 && swapped(a, i, b, j)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }

  private static boolean swapped(String a, int i, String b, int j) {
    return a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
  }
}
