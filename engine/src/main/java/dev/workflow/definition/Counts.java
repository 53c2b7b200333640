package dev.workflow.definition;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts as people write them: {@code 200}, {@code 500k}, {@code 2m}. */
public final class Counts {

  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([kKmM]?)");

  private Counts() {}

  /** The number of a text; empty: it is no count, or above 2,147,483,647. */
  public static OptionalInt parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      return OptionalInt.empty();
    }
    long unit =
        switch (matcher.group(2)) {
          case "k", "K" -> 1_000;
          case "m", "M" -> 1_000_000;
          default -> 1;
        };
    long count = Long.parseLong(matcher.group(1)) * unit;
    return count > Integer.MAX_VALUE ? OptionalInt.empty() : OptionalInt.of((int) count);
  }
}
