package dev.workflow.yaml;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The text {@code x in EXPR} of an {@code each}.
 *
 * @param start where the expression begins in the text
 */
record EachText(String variable, String expression, int start) {

  private static final Pattern FORM =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s+in\\s+(\\S[\\s\\S]*)");

  /** The parts of a text; absent: it has another form. */
  static @Nullable EachText of(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? new EachText(matcher.group(1), matcher.group(2).stripTrailing(), matcher.start(2))
        : null;
  }
}
