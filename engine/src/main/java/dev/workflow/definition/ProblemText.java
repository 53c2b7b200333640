package dev.workflow.definition;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A problem as a terminal shows it: where, the line with a caret, what is wrong, what to do next.
 *
 * <pre>
 * travel.yaml:12:5: error: Unknown key `promt` in `steps.plan`. [unknown-key]
 *   12 |     promt: plan {option}
 *      |     ^
 *   Did you mean `prompt`?
 * </pre>
 *
 * Characters that could steer a terminal or hide text are shown as {@code U+FFFD}.
 */
public final class ProblemText {

  /** Most characters of a line that are shown; a longer one is cut around the caret. */
  static final int LINE_CHARS_MAX = 120;

  private ProblemText() {}

  /** All problems in reading order, with an empty line between them. */
  public static String of(Collection<Problem> problems) {
    return problems.stream()
        .sorted(Problem.ORDER)
        .map(ProblemText::of)
        .collect(Collectors.joining("\n\n"));
  }

  /** One problem, without a line break at the end. */
  public static String of(Problem problem) {
    StringBuilder out = new StringBuilder();
    out.append(where(problem.place()))
        .append(": ")
        .append(problem.severity().name().toLowerCase(Locale.ROOT))
        .append(": ")
        .append(visible(problem.message()))
        .append(" [")
        .append(problem.rule().id())
        .append(']');
    appendLine(problem.place(), out);
    if (problem.hint() != null) {
      out.append("\n  ").append(visible(problem.hint()));
    }
    return out.toString();
  }

  /** {@code file:line:column}, as far as it is known. */
  public static String where(Place place) {
    String file = visible(place.file());
    if (place.line() == 0) {
      return file;
    }
    return place.column() == 0
        ? file + ":" + place.line()
        : file + ":" + place.line() + ":" + place.column();
  }

  private static void appendLine(Place place, StringBuilder out) {
    if (place.line() == 0 || place.text().isBlank()) {
      return;
    }
    String number = Integer.toString(place.line());
    Excerpt excerpt = Excerpt.of(place.text(), Math.max(0, place.column() - 1));
    out.append("\n  ").append(number).append(" | ").append(excerpt.text());
    if (place.column() > 0) {
      out.append("\n  ").repeat(' ', number.length()).append(" | ").append(excerpt.indent());
      out.append('^');
    }
  }

  /**
   * The part of a line around a caret.
   *
   * @param indent what stands before the caret: tabs stay tabs, all else is a space
   */
  private record Excerpt(String text, String indent) {

    static Excerpt of(String line, int caret) {
      int from = 0;
      if (line.length() > LINE_CHARS_MAX && caret > LINE_CHARS_MAX / 2) {
        from = whole(line, Math.min(caret, line.length()) - LINE_CHARS_MAX / 2);
      }
      int to = whole(line, Math.min(line.length(), from + LINE_CHARS_MAX));
      String before = line.substring(from, Math.max(from, Math.min(caret, to)));
      String shown =
          (from > 0 ? "…" : "")
              + visible(line.substring(from, to)).stripTrailing()
              + (to < line.length() ? "…" : "");
      return new Excerpt(shown, (from > 0 ? " " : "") + blank(before));
    }

    /** Moves a cut so that no surrogate pair is torn. */
    private static int whole(String line, int index) {
      return index > 0 && index < line.length() && Character.isLowSurrogate(line.charAt(index))
          ? index - 1
          : index;
    }

    private static String blank(String before) {
      StringBuilder out = new StringBuilder();
      before
          .codePoints()
          .forEach(c -> out.append(c == '\t' ? "\t" : Wide.is(c) ? "  " : Mark.is(c) ? "" : " "));
      return out.toString();
    }
  }

  /** Characters that take two columns in a terminal. */
  private static final class Wide {
    static boolean is(int c) {
      return (c >= 0x1100 && c <= 0x115F)
          || (c >= 0x2E80 && c <= 0xA4CF)
          || (c >= 0xAC00 && c <= 0xD7A3)
          || (c >= 0xF900 && c <= 0xFAFF)
          || (c >= 0xFE30 && c <= 0xFE6F)
          || (c >= 0xFF00 && c <= 0xFF60)
          || (c >= 0x1F300 && c <= 0x1FAFF)
          || (c >= 0x20000 && c <= 0x3FFFD);
    }
  }

  /** Characters that take no column of their own. */
  private static final class Mark {
    static boolean is(int c) {
      int type = Character.getType(c);
      return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK;
    }
  }

  private static String visible(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints().forEach(c -> out.appendCodePoint(steers(c) ? 0xFFFD : c));
    return out.toString();
  }

  /** Control, format (bidi, tag, zero-width) and unpaired surrogate characters; not the tab. */
  private static boolean steers(int c) {
    int type = Character.getType(c);
    return c != '\t'
        && (type == Character.CONTROL
            || type == Character.FORMAT
            || type == Character.SURROGATE
            || type == Character.LINE_SEPARATOR
            || type == Character.PARAGRAPH_SEPARATOR);
  }
}
