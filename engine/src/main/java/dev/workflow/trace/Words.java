package dev.workflow.trace;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Numbers and pieces of text as people read them. */
public final class Words {
  private static final int NAMES_MAX = 20;

  private Words() {}

  /** Such as {@code 0.3 s} or {@code 2 min 5 s}. */
  public static String seconds(Duration duration) {
    long whole = Math.max(0, duration.toMillis());
    return whole < 60_000
        ? String.format(Locale.ROOT, "%.1f s", whole / 1000.0)
        : whole / 60_000 + " min " + whole / 1000 % 60 + " s";
  }

  /** Such as {@code 1 step} or {@code 3 steps}. */
  public static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /** Such as {@code a, b, c}; of many only the first. */
  static String some(List<String> names) {
    return names.size() <= NAMES_MAX
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMES_MAX))
            + " and "
            + (names.size() - NAMES_MAX)
            + " more";
  }

  /** One line of at most so many characters, cut with an ellipsis. */
  static String line(String text, int most) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= most
        ? line
        : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
  }
}
