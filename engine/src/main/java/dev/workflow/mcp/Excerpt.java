package dev.workflow.mcp;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a file of servers as it may be shown below a problem: names stay, and values that
 * plainly are no secret; of all others asterisks are left, so that columns stay right.
 */
final class Excerpt {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\"((?:[^\"\\\\]|\\\\.)*)(\"|$)(\\s*:)?" // a text, perhaps without its end; a name
              + "|[^\\s\"{}\\[\\],:]+"); // a word

  private static final Pattern NAME = Pattern.compile("[\\w .@$-]{1,60}");
  private static final Pattern WORD = Pattern.compile("true|false|null|//.*");

  private Excerpt() {}

  static String of(String line) {
    StringBuilder shown = new StringBuilder(line);
    Matcher token = TOKEN.matcher(line);
    String name = "";
    while (token.find()) {
      String text = token.group(1);
      if (text == null) {
        hide(shown, token.start(), token.end(), WORD.matcher(token.group()).matches());
      } else if (token.group(3) != null && NAME.matcher(text).matches()) {
        name = text;
      } else {
        boolean plain = !name.isEmpty() && isPlain(name, text) && !token.group(2).isEmpty();
        hide(shown, token.start(1), token.end(1), plain);
        name = "";
      }
    }
    return shown.toString();
  }

  private static boolean isPlain(String name, String text) {
    return Secrets.in(name, text).isEmpty() || isVariable(text);
  }

  /** One variable and nothing else, not even a default. */
  private static boolean isVariable(String text) {
    return text.matches("\\$\\{(?:env:)?\\w+}");
  }

  private static void hide(StringBuilder line, int from, int to, boolean plain) {
    for (int i = from; i < to && !plain; i++) {
      if (!Character.isWhitespace(line.charAt(i))) {
        line.setCharAt(i, '*');
      }
    }
  }
}
