package dev.workflow.yaml;

import dev.workflow.definition.Problem;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;

/**
 * Says in the author's words why a text is no YAML. The parser knows where it gave up; what the
 * author meant is read off the line.
 */
final class SyntaxTraps {

  private static final String SYNTAX = "yaml-syntax";

  private SyntaxTraps() {}

  /** A value that begins with {@code !}, which YAML takes as a tag. */
  static Problem tag(SourceText text, int at) {
    String rest = text.restOfLine(at).strip();
    String meant = rest.replaceFirst("[,}\\]]+\\s*$", "");
    return Problem.invalid(
        "yaml-tag",
        text.place(at),
        "Expected a value, found `" + Quoting.shown(meant) + "`: unquoted, `!` begins a YAML tag.",
        "Write " + Quoting.quoted(meant) + ", or `not " + meant.replaceFirst("^!+\\s*", "") + "`.");
  }

  /** A character that YAML does not allow, such as a control character. */
  static Problem unprintable(SourceText text, ReaderException failure) {
    return Problem.invalid(
        "yaml-character",
        text.place(text.offset(failure.getPosition())),
        "Expected printable text, found the control character U+%04X."
            .formatted(failure.getCodePoint()),
        "Remove it, or write it as an escape in double quotes.");
  }

  /** A failure of the parser itself. */
  static Problem unreadable(SourceText text, int offset, Throwable failure) {
    String reason =
        failure instanceof StackOverflowError
            ? "it nests too deep"
            : String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return Problem.invalid(
        SYNTAX, text.place(offset), "YAML cannot be read from here on: " + reason + ".", null);
  }

  /** The mistake behind a failure of the parser. */
  static Problem explain(SourceText text, MarkedYamlEngineException failure) {
    int at = failure.getProblemMark().map(mark -> offset(text, mark)).orElse(0);
    Optional<Integer> from = failure.getContextMark().map(mark -> offset(text, mark));
    String what = String.valueOf(failure.getProblem());
    Problem found = lineTrap(text, at, what);
    if (found == null) {
      found = openTrap(text, at, from.orElse(at), what, String.valueOf(failure.getContext()));
    }
    return found != null ? found : plainly(text, at, from, what);
  }

  private static int offset(SourceText text, Mark mark) {
    return text.offset(mark.getIndex());
  }

  /** Mistakes that the line itself shows. */
  private static @Nullable Problem lineTrap(SourceText text, int at, String what) {
    if (text.at(at) == '\t' || tabIndents(text, at)) {
      return tab(text, at);
    }
    if (text.at(at) == '{' && text.at(at - 1) == '$') {
      return dollarBraces(text, at - 1);
    }
    Line line = Line.of(text, at);
    if (what.startsWith("mapping values are not allowed")) {
      return line == null || at < line.valueStart()
          ? keyBelowText(text, at)
          : colon(text, line, at);
    }
    if (what.startsWith("expected <block end>")) {
      return line == null || at <= line.valueStart() ? comment(text, at) : leftOver(text, line, at);
    }
    if (what.contains("cannot start any token")) {
      return cannotBegin(text, at, line);
    }
    return null;
  }

  private static boolean tabIndents(SourceText text, int at) {
    String before = text.text().substring(text.start(text.line(at)), at);
    return before.isBlank() && before.indexOf('\t') >= 0;
  }

  private static Problem tab(SourceText text, int at) {
    int start = text.start(text.line(at));
    int tab = text.lineText(text.line(at)).indexOf('\t');
    return Problem.invalid(
        "yaml-tab",
        text.place(start + Math.max(0, tab)),
        "Expected spaces as indentation, found a tab.",
        "Replace the tab by two spaces.");
  }

  /** {@code {a: ${x}}}: in braces and brackets an unquoted text ends at the next brace. */
  private static Problem dollarBraces(SourceText text, int dollar) {
    int from = dollar;
    while (from > 0 && "{[,\n\r".indexOf(text.at(from - 1)) < 0 && !afterColon(text, from)) {
      from--;
    }
    String rest = text.restOfLine(from);
    int close = rest.indexOf('}', dollar - from);
    String meant = rest.substring(0, close < 0 ? rest.length() : close + 1).strip();
    return Problem.invalid(
        "yaml-dollar-braces",
        text.place(dollar),
        "Expected quotes around `%s` inside {...} or [...], found none: YAML ends the text at the brace."
            .formatted(Quoting.shown(meant)),
        "Write " + Quoting.quoted(meant) + ".");
  }

  private static boolean afterColon(SourceText text, int from) {
    return text.at(from - 1) == ' ' && text.at(from - 2) == ':';
  }

  private static Problem colon(SourceText text, Line line, int at) {
    String before = text.text().substring(line.valueStart(), at);
    if (before.contains(" ? ")) {
      return question(text, at, line.key(), line.value());
    }
    return secondColon(text, at, line.key(), line.value());
  }

  /** {@code when: a ? b : c}. */
  static Problem question(SourceText text, int at, String key, String value) {
    return Problem.invalid(
        "yaml-question-mark",
        text.place(at),
        "Expected text for `%s`, found ` : ` in it: unquoted, YAML takes it as `key: value`."
            .formatted(key),
        "Write %s: %s.".formatted(key, Quoting.quoted(value)));
  }

  /** {@code prompt: find: x}. */
  static Problem secondColon(SourceText text, int at, String key, String value) {
    return Problem.invalid(
        "yaml-colon",
        text.place(at),
        "Expected text for `%s`, found a second `: `: unquoted, YAML takes it as `key: value`."
            .formatted(key),
        "Write %s: %s.".formatted(key, Quoting.quoted(value)));
  }

  private static Problem keyBelowText(SourceText text, int at) {
    return Problem.invalid(
        "yaml-indentation",
        text.place(text.start(text.line(at)) + indent(text, at)),
        "Expected the end of the text above, found a key below it.",
        "Give the line the indentation of the keys beside it, or quote the text.");
  }

  private static int indent(SourceText text, int at) {
    String line = text.lineText(text.line(at));
    return line.length() - line.stripLeading().length();
  }

  /** Something behind a value that was complete: {@code "a" == x} or {@code {a} and b}. */
  private static @Nullable Problem leftOver(SourceText text, Line line, int at) {
    String rest = text.restOfLine(at).strip();
    return switch (line.value().charAt(0)) {
      case '"', '\'' ->
          Problem.invalid(
              "yaml-quotes",
              text.place(at),
              "Expected the end of the value after the closing quote, found `%s`."
                  .formatted(Quoting.shown(rest)),
              "Quote the whole value: %s%s."
                  .formatted(line.prefix(), Quoting.quoted(line.value())));
      case '{', '[' ->
          Problem.invalid(
              "yaml-braces",
              text.place(line.valueStart()),
              "Expected text for `%s`, found `%s`: unquoted, YAML takes %s."
                  .formatted(
                      line.key(),
                      Quoting.shown(line.value()),
                      line.value().charAt(0) == '{' ? "braces as a map" : "brackets as a list"),
              "Write %s%s.".formatted(line.prefix(), Quoting.quoted(line.value())));
      default -> null;
    };
  }

  /** A text of several lines that ` #` cut in its first line. */
  private static @Nullable Problem comment(SourceText text, int at) {
    int line = text.line(at);
    if (line == 0) {
      return null;
    }
    int hash = text.lineText(line - 1).indexOf(" #");
    if (hash <= 0 || text.lineText(line - 1).substring(0, hash).isBlank()) {
      return null;
    }
    return Problem.invalid(
        "yaml-comment",
        text.place(text.start(line - 1) + hash + 1),
        "Expected the rest of the text, found a comment: ` #` ends an unquoted text.",
        "Quote the text, or write it below `|`.");
  }

  private static Problem cannotBegin(SourceText text, int at, @Nullable Line line) {
    String value = text.restOfLine(at).strip();
    return Problem.invalid(
        "yaml-first-character",
        text.place(at),
        "Expected text, found `%s`, which cannot begin an unquoted text.".formatted(text.at(at)),
        "Write %s%s.".formatted(line == null ? "" : line.prefix(), Quoting.quoted(value)));
  }

  /** Mistakes of something that was opened and never closed. */
  private static @Nullable Problem openTrap(
      SourceText text, int at, int from, String what, String context) {
    if (context.contains("quoted scalar")) {
      return what.contains("escape")
          ? badEscape(text, at)
          : Problem.invalid(
              "yaml-quotes",
              text.place(from),
              "Expected a closing quote, found the end of the file: the text that begins here never ends.",
              "Close it with `" + text.at(from) + "`.");
    }
    if (context.contains("block scalar")) {
      return Problem.invalid(
          "yaml-block-text",
          text.place(at),
          "Expected the text on the lines below `%s`, found text beside it."
              .formatted(text.at(from)),
          "Begin the text in the next line, indented; or quote it.");
    }
    if (context.contains("flow mapping") || context.contains("flow sequence")) {
      return unclosed(text, at, from, what);
    }
    if (what.startsWith("could not find expected ':'")) {
      return Problem.invalid(
          SYNTAX,
          text.place(from),
          "Expected `key: value`, found `%s` without a colon."
              .formatted(Quoting.shown(text.restOfLine(from))),
          "Add the colon, or indent the line if it goes on with the text above.");
    }
    return null;
  }

  private static Problem badEscape(SourceText text, int at) {
    return Problem.invalid(
        "yaml-escape",
        text.place(at - 1),
        "Expected an escape such as `\\n` or `\\\"` in double quotes, found `\\%s`."
            .formatted(text.at(at)),
        "Double the backslash, or use single quotes.");
  }

  private static Problem unclosed(SourceText text, int at, int from, String what) {
    char open = text.at(from);
    char close = open == '[' ? ']' : '}';
    if (what.contains("<stream end>")) {
      return Problem.invalid(
          SYNTAX,
          text.place(from),
          "Expected `%s`, found the end of the file: the `%s` here is never closed."
              .formatted(close, open),
          "Close it with `" + close + "`.");
    }
    return Problem.invalid(
        SYNTAX,
        text.place(at),
        "Expected `,` or `%s`, found `%s`.".formatted(close, Quoting.shown(text.restOfLine(at))),
        "Text with braces, brackets or commas needs quotes inside %s...%s.".formatted(open, close));
  }

  private static Problem plainly(SourceText text, int at, Optional<Integer> from, String what) {
    if (what.startsWith("expected <block end>")) {
      int begun = text.place(from.orElse(at)).line();
      return Problem.invalid(
          "yaml-indentation",
          text.place(at),
          "Expected the next entry or the end of what begins in line %d, found `%s`."
              .formatted(begun, Quoting.shown(text.restOfLine(at))),
          "Give the line the indentation of the entries beside it.");
    }
    String plain = what.isEmpty() ? "it breaks the syntax" : what;
    return Problem.invalid(
        SYNTAX, text.place(at), "YAML cannot be read here: " + plain + ".", null);
  }

  /**
   * A line {@code key: value} or {@code - value}.
   *
   * @param prefix what stands before the value, without indentation
   */
  private record Line(String prefix, String key, String value, int valueStart) {
    private static final Pattern FORM =
        Pattern.compile("^(\\s*)((?:- +)*(?:([^\\s:#\"'{\\[-][^:#]*?)\\s*: +|(?<=- )))(\\S.*)$");

    /** The pattern goes back and forth: it is not for lines of a megabyte. */
    private static final int LINE_CHARS_MAX = 2_000;

    static @Nullable Line of(SourceText text, int at) {
      int line = text.line(at);
      String whole = text.lineText(line).stripTrailing();
      if (whole.length() > LINE_CHARS_MAX) {
        return null;
      }
      Matcher matcher = FORM.matcher(whole);
      if (!matcher.matches()) {
        return null;
      }
      String key = matcher.group(3) == null ? "this" : matcher.group(3);
      return new Line(matcher.group(2), key, matcher.group(4), text.start(line) + matcher.start(4));
    }
  }
}
