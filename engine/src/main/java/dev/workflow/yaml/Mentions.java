package dev.workflow.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what a text for people or models refers to. */
final class Mentions {

  /**
   * A name in single braces, with or without a dollar sign.
   *
   * @param path what follows the name, such as {@code .options}; empty: nothing
   */
  record Mention(String name, String path, int offset) {}

  private static final Pattern BRACES =
      Pattern.compile(
          "\\{\\{|}}|\\$\\$\\{|\\{([A-Za-z_][A-Za-z0-9_]*)((?:\\.[A-Za-z_][A-Za-z0-9_]*|\\[[^\\]{}]*])*)}");

  private Mentions() {}

  /**
   * The names a text mentions, in order. Doubled braces are literal, and so are braces behind two
   * dollar signs.
   */
  static List<Mention> in(String text) {
    List<Mention> mentions = new ArrayList<>();
    Matcher matcher = BRACES.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        mentions.add(new Mention(matcher.group(1), matcher.group(2), matcher.start(1)));
      }
    }
    return mentions;
  }

  /** Whether a text inserts any value. */
  static boolean any(String text) {
    return text.contains("${") || !in(text).isEmpty();
  }
}
