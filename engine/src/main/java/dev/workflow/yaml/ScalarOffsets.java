package dev.workflow.yaml;

import dev.workflow.yaml.Spot.Span;
import dev.workflow.yaml.Spot.Style;

/**
 * Finds the characters of a scalar's value in the text it was written as. It reads both side by
 * side: what is not white space stands in the same order in both, escapes aside.
 */
final class ScalarOffsets {

  private final SourceText source;
  private final Style style;
  private final int end;
  private int at;

  private ScalarOffsets(SourceText source, Span span) {
    this.source = source;
    this.style = span.style();
    boolean quoted = style == Style.SINGLE_QUOTED || style == Style.DOUBLE_QUOTED;
    this.end = quoted ? span.end() - 1 : span.end();
    this.at = style == Style.BLOCK_TEXT ? afterHeader(span) : span.start() + (quoted ? 1 : 0);
  }

  /** The offset in the text of a character of the value; past its end: where the value ends. */
  static int locate(SourceText source, Span span, int character) {
    ScalarOffsets reader = new ScalarOffsets(source, span);
    String value = span.text();
    int wanted = Math.min(Math.max(0, character), value.length());
    for (int i = 0; i < wanted; i++) {
      reader.take(value.charAt(i));
    }
    if (wanted < value.length()) {
      reader.approach(value.charAt(wanted));
    }
    return Math.min(reader.at, Math.max(span.start(), reader.end));
  }

  private int afterHeader(Span span) {
    int line = source.line(span.start());
    return line + 1 < source.lineCount() ? source.start(line + 1) : span.end();
  }

  /** Moves behind the next character of the value. */
  private void take(char value) {
    approach(value);
    if (at >= end) {
      return;
    }
    int length = escapeLength();
    if (style == Style.DOUBLE_QUOTED && Character.isHighSurrogate(value) && length > 1) {
      // One escape gives both halves of the pair: it is passed with the second one.
      return;
    }
    at += length;
  }

  /** Moves to the next character of the value, over what the value leaves out. */
  private void approach(char value) {
    skipContinuation();
    if (soft(value) && at < end && soft(source.at(at))) {
      approachSpace(value);
      return;
    }
    while (at < end && soft(source.at(at))) {
      at++;
      skipContinuation();
    }
  }

  private void approachSpace(char value) {
    int before = at;
    while (at < end && soft(source.at(at)) && !matches(value, source.at(at))) {
      at++;
    }
    if (at >= end || !soft(source.at(at))) {
      at = before;
    }
  }

  private static boolean matches(char value, char written) {
    return value == written || SourceText.isBreak(written);
  }

  private static boolean soft(char c) {
    return c == ' ' || c == '\t' || SourceText.isBreak(c);
  }

  /** A backslash before a line break leaves out the break and what indents the next line. */
  private void skipContinuation() {
    while (style == Style.DOUBLE_QUOTED
        && at + 1 < end
        && source.at(at) == '\\'
        && SourceText.isBreak(source.at(at + 1))) {
      at += 1;
      while (at < end && soft(source.at(at))) {
        at++;
      }
    }
  }

  private int escapeLength() {
    char c = source.at(at);
    if (style == Style.SINGLE_QUOTED) {
      return c == '\'' ? 2 : 1;
    }
    if (style != Style.DOUBLE_QUOTED || c != '\\') {
      return 1;
    }
    return switch (source.at(at + 1)) {
      case 'x' -> 4;
      case 'u' -> 6;
      case 'U' -> 10;
      default -> 2;
    };
  }
}
