package dev.workflow.expression;

import dev.cel.common.CelIssue;
import dev.workflow.engine.Expressions.ExpressionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says in plain words what CEL's parser stumbled over. */
final class SyntaxMistakes {
  private static final Pattern FOUND =
      Pattern.compile(
          "(?:mismatched input|extraneous input|at input|missing .* at) '(.*?)'(?: expecting .*)?$");
  private static final Pattern MISSING = Pattern.compile("^missing ('.*') at");
  private static final Pattern TOKEN = Pattern.compile("^token recognition error at: '(.*)'$");
  private static final Pattern RESERVED = Pattern.compile("^reserved identifier: (\\w+)");
  private static final Pattern NUMBER = Pattern.compile("For input string: \"(.*?)\"");

  private static final String TOO_DEEP = "recursion limit";

  private SyntaxMistakes() {}

  static ExpressionException of(CelIssue issue, String source) {
    int offset = offset(issue, source);
    String said = issue.getMessage().lines().findFirst().orElse("");
    return Syntax.mistake(message(said), offset, hint(said));
  }

  private static String message(String said) {
    Matcher token = TOKEN.matcher(said);
    if (token.find()) {
      String found = token.group(1);
      boolean quote = found.startsWith("\"") || found.startsWith("'");
      return quote ? "The string is not closed." : "Did not expect `" + found.strip() + "` here.";
    }
    Matcher reserved = RESERVED.matcher(said);
    if (reserved.find()) {
      return "`" + reserved.group(1) + "` is a reserved word.";
    }
    Matcher number = NUMBER.matcher(said);
    if (number.find()) {
      return number.group(1) + " does not fit into 64 bits.";
    }
    if (said.contains(TOO_DEEP)) {
      return "The expression nests too deeply.";
    }
    return unexpected(said);
  }

  private static String unexpected(String said) {
    Matcher missing = MISSING.matcher(said);
    Matcher found = FOUND.matcher(said);
    String at = found.find() ? shown(found.group(1)) : "";
    if (missing.find()) {
      return "Expected " + missing.group(1).replace('\'', '`') + ", found " + at + ".";
    }
    if (said.contains("expecting <EOF>")) {
      return "Expected the end of the expression or an operator, found " + at + ".";
    }
    if (at.isEmpty()) {
      return "This is no expression: " + said + ".";
    }
    return at.equals(shown("<EOF>"))
        ? "The expression ends too early."
        : "Did not expect " + at + " here.";
  }

  private static String shown(String token) {
    return token.equals("<EOF>") ? "the end" : "`" + token + "`";
  }

  private static @Nullable String hint(String said) {
    if (said.contains(TOO_DEEP)) {
      return Syntax.SPLIT;
    }
    Matcher token = TOKEN.matcher(said);
    String found = token.find() ? token.group(1).strip() : "";
    if (found.equals("=")) {
      return "Write `==` to compare.";
    }
    if (found.equals("&") || found.equals("|")) {
      return "Write `and` or `or`.";
    }
    return null;
  }

  /** CEL counts lines from 1 and columns in code points. */
  private static int offset(CelIssue issue, String source) {
    int start = 0;
    for (int line = 1; line < issue.getSourceLocation().getLine(); line++) {
      int end = source.indexOf('\n', start);
      if (end < 0) {
        break;
      }
      start = end + 1;
    }
    int rest = source.codePointCount(start, source.length());
    int column = Math.max(0, Math.min(issue.getSourceLocation().getColumn(), rest));
    return source.offsetByCodePoints(start, column);
  }
}
