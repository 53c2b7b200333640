package dev.workflow.definition;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 20s}, {@code 5m}, {@code 1h}, {@code 2d}.
 */
public final class Durations {

  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})(ms|s|m|h|d)");
  private static final long MILLIS_OF_DAY = Duration.ofDays(1).toMillis();
  private static final long MILLIS_OF_HOUR = Duration.ofHours(1).toMillis();
  private static final long MILLIS_OF_MINUTE = Duration.ofMinutes(1).toMillis();

  private Durations() {}

  /** The duration of a text: a whole number above 0 and one unit; empty: it is none. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        });
  }

  /**
   * A duration in the largest unit that keeps it a whole number; parts of a millisecond are lost.
   */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis != 0 && millis % MILLIS_OF_DAY == 0) {
      return millis / MILLIS_OF_DAY + "d";
    }
    if (millis != 0 && millis % MILLIS_OF_HOUR == 0) {
      return millis / MILLIS_OF_HOUR + "h";
    }
    if (millis != 0 && millis % MILLIS_OF_MINUTE == 0) {
      return millis / MILLIS_OF_MINUTE + "m";
    }
    return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
  }
}
