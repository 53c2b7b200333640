package dev.workflow.schema;

/** Translates the regular expressions of JSON Schema (ECMA-262) to the dialects that run here. */
final class EcmaPattern {
  private EcmaPattern() {}

  /** To RE2: it lacks the escape of a code unit by four digits. */
  static String translate(String pattern) {
    return rewrite(pattern, false);
  }

  /** To the JDK: there {@code $} would also match before a last line break. */
  static String forJdk(String pattern) {
    return rewrite(pattern, true);
  }

  private static String rewrite(String pattern, boolean jdk) {
    StringBuilder out = new StringBuilder(pattern.length() + 16);
    boolean inClass = false;
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '\\' && at + 1 < pattern.length()) {
        at += escape(pattern, at, out);
        continue;
      }
      if (c == '[') {
        out.append(inClass ? "\\[" : "[");
        inClass = true;
      } else {
        inClass = inClass && c != ']';
        out.append(jdk && c == '$' && !inClass ? "\\z" : String.valueOf(c));
      }
      at++;
    }
    return out.toString();
  }

  /** Appends the escape at {@code at} and returns how many characters it took. */
  private static int escape(String pattern, int at, StringBuilder out) {
    if (pattern.charAt(at + 1) == 'u' && isHex(pattern, at + 2, 4)) {
      out.append("\\x{").append(pattern, at + 2, at + 6).append('}');
      return 6;
    }
    out.append(pattern, at, at + 2);
    return 2;
  }

  private static boolean isHex(String text, int from, int count) {
    if (from + count > text.length()) {
      return false;
    }
    return text.substring(from, from + count).chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }
}
