package dev.workflow.cli;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** Ids of runs: the day of the start in UTC and six drawn characters, such as 261121-k3f9qz. */
final class RunIds {
  private static final String ALPHABET = "abcdefghjkmnpqrstvwxyz23456789";
  private static final int DRAWN = 6;
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyMMdd").withZone(ZoneOffset.UTC);
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  private RunIds() {}

  static String fresh(Instant now) {
    SecureRandom random = new SecureRandom();
    StringBuilder id = new StringBuilder(DAY.format(now)).append('-');
    for (int i = 0; i < DRAWN; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  /** Whether a caller may name a run so; {@code last} is taken. */
  static boolean isValid(String id) {
    return VALID.matcher(id).matches() && !id.equals("last");
  }
}
