package dev.workflow.expression;

import java.util.Map;

/**
 * Rewrites {@code and or not} to CEL's symbols. Each is padded to its own length, so that every
 * other character keeps its place; strings, comments and names after a dot are left alone.
 */
final class WordOperators {
  private static final Map<String, String> SYMBOLS = Map.of("and", "&& ", "or", "||", "not", "!  ");

  private WordOperators() {}

  static String rewrite(String source) {
    StringBuilder out = new StringBuilder(source.length());
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      int end = Lexer.skip(source, at);
      if (end > at) {
        out.append(source, at, end);
        at = end;
      } else if (Lexer.isNameStart(c)) {
        end = Lexer.endOfName(source, at);
        String word = source.substring(at, end);
        out.append(isAfterDot(out) ? word : SYMBOLS.getOrDefault(word, word));
        at = end;
      } else {
        out.append(c);
        at++;
      }
    }
    return out.toString();
  }

  private static boolean isAfterDot(StringBuilder before) {
    int at = before.length() - 1;
    while (at >= 0 && Character.isWhitespace(before.charAt(at))) {
      at--;
    }
    return at >= 0 && before.charAt(at) == '.';
  }
}
