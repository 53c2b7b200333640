package dev.workflow.yaml;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An entry {@code key: value} or {@code - value} as it stands in the text, read without a parser.
 *
 * @param prefix what stands before the value, without indentation
 * @param key the key; {@code this} where there is none
 * @param start where the value begins in the text
 */
record Entry(String prefix, String key, String value, int start) {

  private static final Pattern FORM =
      Pattern.compile("^(\\s*)((?:- +)*(?:([^\\s:#\"'{\\[-][^:#]*?)\\s*: +|(?<=- )))(\\S.*)$");
  private static final String OPENS = "{[,\n\r";
  private static final String CLOSES = ",}]\n\r";

  /** The pattern goes back and forth: it is not for lines of a megabyte. */
  private static final int CHARS_MAX = 2_000;

  /** Where the value ends in the text. */
  int end() {
    return start + value.length();
  }

  /**
   * The entry that fills the line of an offset, up to a comment; absent: the line has another form.
   */
  static @Nullable Entry ofLine(SourceText text, int at) {
    int line = text.line(at);
    return of(text.lineText(line), text.start(line), false);
  }

  /** The entry around an offset in braces or brackets; absent: there is nothing. */
  static @Nullable Entry inFlow(SourceText text, int at) {
    int from = at;
    while (from > 0 && at - from < CHARS_MAX && OPENS.indexOf(text.at(from - 1)) < 0) {
      from--;
    }
    int to = at;
    while (to < text.length() && to - at < CHARS_MAX && CLOSES.indexOf(text.at(to)) < 0) {
      to++;
    }
    return of(text.text().substring(from, to), from, true);
  }

  private static @Nullable Entry of(String whole, int offset, boolean mayBeBare) {
    if (whole.length() > CHARS_MAX) {
      return null;
    }
    Matcher matcher = FORM.matcher(whole);
    if (!matcher.matches()) {
      int indent = whole.length() - whole.stripLeading().length();
      return mayBeBare && !whole.isBlank()
          ? new Entry("", "this", whole.strip(), offset + indent)
          : null;
    }
    String value = matcher.group(4);
    int comment = value.indexOf(" #");
    String key = matcher.group(3) == null ? "this" : matcher.group(3);
    return new Entry(
        matcher.group(2),
        key,
        (comment > 0 ? value.substring(0, comment) : value).stripTrailing(),
        offset + matcher.start(4));
  }
}
