package dev.workflow.expression;

import dev.workflow.engine.Expressions.ExpressionException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the expressions in a text. */
final class Holes {
  /** A name, then properties and positions: what {@code {…}} may hold in a prompt. */
  private static final String PATH =
      "[A-Za-z_][A-Za-z0-9_]*(?:\\.[A-Za-z_][A-Za-z0-9_]*|\\[[0-9]{1,9}])*";

  private static final Pattern SHORT = Pattern.compile("\\{(" + PATH + ")}");
  private static final Pattern DOUBLED = Pattern.compile("\\{(\\{" + PATH + "})}");

  /** A stretch of a text. */
  sealed interface Part {
    /** Printed as it is. */
    record Literal(String text) implements Part {}

    /**
     * An expression.
     *
     * @param offset where its first character stands in the text
     * @param brief whether it is a {@code {path}}
     */
    record Hole(String source, int offset, boolean brief) implements Part {}
  }

  private final String text;
  private final boolean prompt;
  private final List<Part> parts = new ArrayList<>();
  private final StringBuilder literal = new StringBuilder();
  private int at;

  private Holes(String text, boolean prompt) {
    this.text = text;
    this.prompt = prompt;
  }

  /**
   * Splits.
   *
   * @param prompt whether {@code {path}} counts
   * @throws ExpressionException where an opening brace after a dollar sign is never closed
   */
  static List<Part> in(String text, boolean prompt) {
    return new Holes(text, prompt).split();
  }

  private List<Part> split() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '$') {
        dollar();
      } else if (c == '{' && prompt) {
        brace();
      } else {
        literal.append(c);
        at++;
      }
    }
    endLiteral();
    return parts;
  }

  private void dollar() {
    if (text.startsWith("$${", at)) {
      literal.append("${");
      at += 3;
    } else if (text.startsWith("${", at)) {
      int end = end(at + 2);
      hole(at + 2, end, false);
      at = end + 1;
    } else {
      literal.append('$');
      at++;
    }
  }

  private void brace() {
    Matcher doubled = DOUBLED.matcher(text).region(at, text.length());
    Matcher brief = SHORT.matcher(text).region(at, text.length());
    if (doubled.lookingAt()) {
      literal.append(doubled.group(1));
      at = doubled.end();
    } else if (brief.lookingAt()) {
      hole(brief.start(1), brief.end(1), true);
      at = brief.end();
    } else {
      literal.append('{');
      at++;
    }
  }

  private void hole(int from, int to, boolean brief) {
    endLiteral();
    parts.add(new Part.Hole(text.substring(from, to), from, brief));
  }

  private void endLiteral() {
    if (!literal.isEmpty()) {
      parts.add(new Part.Literal(literal.toString()));
      literal.setLength(0);
    }
  }

  /** Where the brace stands that closes a hole: not one in a string or of an object. */
  private int end(int from) {
    int open = 1;
    int end = from;
    while (end < text.length()) {
      int skipped = Lexer.skip(text, end);
      if (skipped > end) {
        end = skipped;
        continue;
      }
      char c = text.charAt(end);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return end;
      }
      end = Lexer.isNameStart(c) ? Lexer.endOfName(text, end) : end + 1;
    }
    throw Syntax.mistake(
        "This `${` is not closed by a `}`.", from - 2, "Write `$${` to print `${` as it is.");
  }
}
