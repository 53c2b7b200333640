package dev.workflow.expression;

import java.util.Locale;

/** As much of CEL's tokens as it takes to know where strings, comments and names end. */
final class Lexer {
  private Lexer() {}

  /**
   * The end of the string literal, quoted name, comment or number that begins at {@code at}; {@code
   * at} itself where none does. One that is not closed ends with the text.
   */
  static int skip(String text, int at) {
    char c = text.charAt(at);
    if (c == '/' && text.startsWith("//", at)) {
      return endOr(text.indexOf('\n', at), text);
    }
    if (c == '`') {
      int end = text.indexOf('`', at + 1);
      return end < 0 ? text.length() : end + 1;
    }
    if (isDigit(c)) {
      return endOfName(text, at);
    }
    int quote = prefix(text, at);
    if (quote < text.length() && (text.charAt(quote) == '"' || text.charAt(quote) == '\'')) {
      boolean raw = text.substring(at, quote).toLowerCase(Locale.ROOT).contains("r");
      return endOfString(text, quote, raw);
    }
    return at;
  }

  /** Where the quote stands after {@code r}, {@code b} or both; {@code at} without such. */
  private static int prefix(String text, int at) {
    int end = at;
    while (end < text.length() && end < at + 2 && "rRbB".indexOf(text.charAt(end)) >= 0) {
      end++;
    }
    boolean quoted = end < text.length() && "\"'".indexOf(text.charAt(end)) >= 0;
    return quoted ? end : at;
  }

  private static int endOfString(String text, int at, boolean raw) {
    String one = text.substring(at, at + 1);
    String quote = text.startsWith(one.repeat(3), at) ? one.repeat(3) : one;
    int end = at + quote.length();
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

  static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static int endOfName(String text, int at) {
    int end = at;
    while (end < text.length() && (isNameStart(text.charAt(end)) || isDigit(text.charAt(end)))) {
      end++;
    }
    return end;
  }

  private static int endOr(int index, String text) {
    return index < 0 ? text.length() : index;
  }
}
