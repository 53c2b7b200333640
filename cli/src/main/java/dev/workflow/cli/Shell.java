package dev.workflow.cli;

import java.util.regex.Pattern;

/** Words as a POSIX shell reads them. */
final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]+");

  private Shell() {}

  /** The word, in single quotes where a shell would change it. */
  static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
