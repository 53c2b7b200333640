package dev.workflow.expression;

/**
 * Strings written out: one or three quotes of either kind, before them {@code r} for no escapes.
 * The escapes are CEL's: a backslash and a letter or sign, {@code x} and two, {@code u} and four or
 * {@code U} and eight hexadecimal digits, or three octal digits.
 */
final class StringLiteral {
  private static final String LETTERS = "abfnrtv";
  private static final String LETTERS_MEAN = "\u0007\b\f\n\r\t\u000b";
  private static final String SIGNS = "\\?\"'`";

  private final Token token;
  private final String text;
  private final StringBuilder value = new StringBuilder();
  private int at;

  private StringLiteral(Token token) {
    this.token = token;
    this.text = token.text();
  }

  /** Where the opening quote of a string stands that begins at {@code at}; -1 where none does. */
  static int quoteAt(String text, int at) {
    int end = at;
    while (end < text.length() && end < at + 2 && "rRbB".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    boolean quoted = end < text.length() && "\"'".indexOf(text.charAt(end)) >= 0;
    return quoted ? end : -1;
  }

  /** Where the string that begins at {@code at} ends; one that is not closed ends with the text. */
  static int end(String text, int at, int quoteAt) {
    boolean raw = isPrefixed(text, at, quoteAt, 'r');
    String quote = quote(text, quoteAt);
    int end = quoteAt + quote.length();
    while (end < text.length()) {
      if (text.charAt(end) == '\\' && !raw) {
        end += 2;
      } else if (text.startsWith(quote, end)) {
        return end + quote.length();
      } else {
        end++;
      }
    }
    return text.length();
  }

  private static String quote(String text, int at) {
    String one = text.substring(at, at + 1);
    String three = one.repeat(3);
    return text.startsWith(three, at) ? three : one;
  }

  private static boolean isPrefixed(String text, int from, int to, char letter) {
    for (int i = from; i < to; i++) {
      if (Character.toLowerCase(text.charAt(i)) == letter) {
        return true;
      }
    }
    return false;
  }

  /**
   * What a string says.
   *
   * @throws dev.workflow.engine.Expressions.ExpressionException where it is not closed or holds
   *     what is no escape; bytes are refused
   */
  static String value(Token token) {
    return new StringLiteral(token).read();
  }

  private String read() {
    int quoteAt = quoteAt(text, 0);
    if (isPrefixed(text, 0, quoteAt, 'b')) {
      throw Parser.noJson(token.at());
    }
    String quote = quote(text, quoteAt);
    int from = quoteAt + quote.length();
    int to = text.length() - quote.length();
    boolean raw = isPrefixed(text, 0, quoteAt, 'r');
    if (to < from || !text.endsWith(quote) || end(text, 0, quoteAt) < text.length()) {
      throw Syntax.mistake("The string is not closed.", token.at(), null);
    }
    boolean oneLine = quote.length() == 1;
    at = from;
    while (at < to) {
      char c = text.charAt(at);
      if (oneLine && (c == '\n' || c == '\r')) {
        throw Syntax.mistake(
            "The string is not closed before the end of its line.",
            token.at(),
            "Write \\n for a line break, or three quotes around several lines.");
      }
      if (c == '\\' && !raw) {
        escape(to);
      } else {
        value.append(c);
        at++;
      }
    }
    return value.toString();
  }

  private void escape(int to) {
    if (at + 1 >= to) {
      throw Syntax.mistake("The string is not closed.", token.at(), null);
    }
    char c = text.charAt(at + 1);
    int letter = LETTERS.indexOf(c);
    if (letter >= 0) {
      value.append(LETTERS_MEAN.charAt(letter));
      at += 2;
    } else if (SIGNS.indexOf(c) >= 0) {
      value.append(c);
      at += 2;
    } else {
      switch (c) {
        case 'x', 'X' -> codePoint(at + 2, 2, 16, to);
        case 'u' -> codePoint(at + 2, 4, 16, to);
        case 'U' -> codePoint(at + 2, 8, 16, to);
        case '0', '1', '2', '3' -> codePoint(at + 1, 3, 8, to);
        default -> throw noEscape(at + 2);
      }
    }
  }

  private void codePoint(int from, int digits, int radix, int to) {
    int end = from + digits;
    if (end > to) {
      throw noEscape(to);
    }
    int code = 0;
    for (int i = from; i < end; i++) {
      int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), radix) : -1;
      if (digit < 0 || code > Character.MAX_CODE_POINT) {
        throw noEscape(end);
      }
      code = code * radix + digit;
    }
    boolean surrogate = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
    if (code > Character.MAX_CODE_POINT || surrogate) {
      throw noEscape(end);
    }
    value.appendCodePoint(code);
    at = end;
  }

  private RuntimeException noEscape(int end) {
    return Syntax.mistake(
        "`" + text.substring(at, end) + "` means nothing in a string.",
        token.at() + at,
        "Write \\\\ for a backslash, or r before the quote of a regular expression.");
  }
}
