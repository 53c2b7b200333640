package dev.workflow.expression;

import dev.workflow.expression.Token.Kind;
import org.jspecify.annotations.Nullable;

/** Takes the text of an expression apart into tokens. */
final class Lexer {
  private static final String[] PAIRS = {"&&", "||", "==", "!=", "<=", ">="};
  private static final String SINGLES = "+-*/%!<>?:,.()[]{}";

  private final String text;
  private int at;

  Lexer(String text) {
    this.text = text;
  }

  /**
   * The next token; at the end {@link Kind#END} again and again.
   *
   * @throws dev.workflow.engine.Expressions.ExpressionException where no token begins
   */
  Token next() {
    skipBlanks();
    if (at >= text.length()) {
      return new Token(Kind.END, "", text.length());
    }
    char c = text.charAt(at);
    int literal = skip(text, at);
    if (literal > at) {
      return upTo(literal, kindOf(c));
    }
    if (isNameStart(c)) {
      return upTo(endOfName(text, at), Kind.NAME);
    }
    for (String pair : PAIRS) {
      if (text.startsWith(pair, at)) {
        return upTo(at + 2, Kind.SYMBOL);
      }
    }
    if (SINGLES.indexOf(c) < 0) {
      throw unexpected();
    }
    return upTo(at + 1, Kind.SYMBOL);
  }

  private static Kind kindOf(char first) {
    if (first == '`') {
      return Kind.QUOTED_NAME;
    }
    return isDigit(first) || first == '.' ? Kind.NUMBER : Kind.STRING;
  }

  private void skipBlanks() {
    while (at < text.length()) {
      if (text.startsWith("//", at)) {
        at = skip(text, at);
      } else if (" \t\r\n\f".indexOf(text.charAt(at)) >= 0) {
        at++;
      } else {
        return;
      }
    }
  }

  private Token upTo(int end, Kind kind) {
    Token token = new Token(kind, text.substring(at, end), at);
    at = end;
    return token;
  }

  private RuntimeException unexpected() {
    String found = text.substring(at, text.offsetByCodePoints(at, 1));
    return Syntax.mistake("Did not expect `" + found + "` here.", at, hint(found));
  }

  private static @Nullable String hint(String found) {
    return switch (found) {
      case "=" -> "Write `==` to compare.";
      case "&", "|" -> "Write `and` or `or`.";
      default -> null;
    };
  }

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
    if (isDigit(c) || (c == '.' && isDigit(text, at + 1))) {
      return endOfNumber(text, at);
    }
    int quote = StringLiteral.quoteAt(text, at);
    return quote < 0 ? at : StringLiteral.end(text, at, quote);
  }

  /**
   * Of a number with what is written onto it: {@code 1.5e3}, {@code 0xff}, {@code 1u}, {@code 1x}.
   */
  private static int endOfNumber(String text, int at) {
    int end = endOfName(text, at);
    if (end < text.length() && text.charAt(end) == '.' && isDigit(text, end + 1)) {
      end = endOfName(text, end + 1);
    }
    boolean exponent = end > at && (text.charAt(end - 1) == 'e' || text.charAt(end - 1) == 'E');
    boolean hexadecimal = text.startsWith("0x", at) || text.startsWith("0X", at);
    boolean signed = end < text.length() && (text.charAt(end) == '+' || text.charAt(end) == '-');
    return exponent && !hexadecimal && signed && isDigit(text, end + 1)
        ? endOfName(text, end + 1)
        : end;
  }

  static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isDigit(String text, int at) {
    return at < text.length() && isDigit(text.charAt(at));
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
