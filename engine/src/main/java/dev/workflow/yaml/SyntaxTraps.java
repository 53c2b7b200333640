package dev.workflow.yaml;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;

/**
 * Says in the author's words why a text is no YAML. The parser knows where it gave up; what the
 * author meant is read off the line.
 */
final class SyntaxTraps {

  static final Rule SYNTAX = Rule.YAML_SYNTAX;

  private SyntaxTraps() {}

  /** A value that begins with {@code !}, which YAML takes as a tag. */
  static Problem tag(SourceText text, int at) {
    String meant = text.restOfLine(at).replaceFirst("\\s+#.*$", "").replaceFirst("[,}\\]].*$", "");
    return Problem.invalid(
        Rule.YAML_TAG,
        text.place(at),
        "Expected a value, found `%s`: unquoted, `!` begins a YAML tag."
            .formatted(Quoting.shown(meant)),
        "Write %s, or `not %s`."
            .formatted(
                Quoting.quoted(meant.strip()), Quoting.shown(meant.replaceFirst("^!+\\s*", ""))));
  }

  /** A character that YAML does not allow, such as a control character. */
  static Problem unprintable(SourceText text, ReaderException failure) {
    return Problem.invalid(
        Rule.YAML_CHARACTER,
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
  static Trap explain(SourceText text, MarkedYamlEngineException failure) {
    int at = failure.getProblemMark().map(mark -> offset(text, mark)).orElse(0);
    int from = failure.getContextMark().map(mark -> offset(text, mark)).orElse(at);
    String what = String.valueOf(failure.getProblem());
    String context = String.valueOf(failure.getContext());
    Trap found = inLine(text, at, what);
    if (found == null && context.contains("flow")) {
      found = FlowTraps.explain(text, at, from, what);
    }
    if (found == null) {
      found = opened(text, at, from, what, context);
    }
    return found != null ? found : plainly(text, at, from, what);
  }

  private static int offset(SourceText text, Mark mark) {
    return text.offset(mark.getIndex());
  }

  /** Mistakes that the line itself shows. */
  private static @Nullable Trap inLine(SourceText text, int at, String what) {
    if (text.at(at) == '\t' || tabIndents(text, at)) {
      return tab(text, at);
    }
    Entry entry = Entry.ofLine(text, at);
    if (what.startsWith("mapping values are not allowed")) {
      return entry == null || at < entry.start()
          ? keyBelowText(text, at)
          : colon(text, at, entry).quoting(entry.start(), entry.end());
    }
    if (what.startsWith("expected <block end>")) {
      return entry == null || at <= entry.start()
          ? cutByComment(text, at)
          : leftOver(text, entry, at);
    }
    return what.contains("cannot start any token") ? cannotBegin(text, at) : null;
  }

  private static boolean tabIndents(SourceText text, int at) {
    String before = text.text().substring(text.start(text.line(at)), at);
    return before.isBlank() && before.indexOf('\t') >= 0;
  }

  private static Trap tab(SourceText text, int at) {
    int start = text.start(text.line(at));
    int tab = text.lineText(text.line(at)).indexOf('\t');
    return Trap.of(
            Rule.YAML_TAB,
            text,
            start + Math.max(0, tab),
            "Expected spaces as indentation, found a tab.",
            "Replace the tab by two spaces, in all lines.")
        .indenting(Tabs.spaces(text));
  }

  /** {@code prompt: find: x}, {@code when: a ? b : c}. */
  static Trap colon(SourceText text, int at, Entry entry) {
    String before = text.text().substring(entry.start(), at);
    Problem problem =
        before.contains(" ? ")
            ? question(text, at, entry.key(), entry.value())
            : secondColon(text, at, entry.key(), entry.value());
    return new Trap(problem, null);
  }

  /** {@code when: a ? b : c}. */
  static Problem question(SourceText text, int at, String key, String value) {
    return Problem.invalid(
        Rule.YAML_QUESTION_MARK,
        text.place(at),
        "Expected text for `%s`, found ` : ` in it: unquoted, YAML takes it as `key: value`."
            .formatted(key),
        "Write %s: %s.".formatted(key, Quoting.quoted(value)));
  }

  /** {@code prompt: find: x}. */
  static Problem secondColon(SourceText text, int at, String key, String value) {
    return Problem.invalid(
        Rule.YAML_COLON,
        text.place(at),
        "Expected text for `%s`, found a second `: `: unquoted, YAML takes it as `key: value`."
            .formatted(key),
        "Write %s: %s.".formatted(key, Quoting.quoted(value)));
  }

  private static Trap keyBelowText(SourceText text, int at) {
    int start = text.start(text.line(at));
    String line = text.lineText(text.line(at));
    return Trap.of(
        Rule.YAML_INDENTATION,
        text,
        start + line.length() - line.stripLeading().length(),
        "Expected the end of the text above, found a key below it.",
        "Give the line the indentation of the keys beside it, or quote the text.");
  }

  /** Something behind a value that was complete: {@code "a" == x} or {@code {a} and b}. */
  static @Nullable Trap leftOver(SourceText text, Entry entry, int at) {
    return switch (entry.value().charAt(0)) {
      case '"', '\'' -> quotes(text, entry, at).quoting(entry.start(), entry.end());
      case '{' -> braces(text, entry, "braces as a map").quoting(entry.start(), entry.end());
      case '[' -> braces(text, entry, "brackets as a list").quoting(entry.start(), entry.end());
      default -> null;
    };
  }

  private static Trap quotes(SourceText text, Entry entry, int at) {
    String rest = text.text().substring(at, Math.max(at, entry.end()));
    return Trap.of(
        Rule.YAML_QUOTES,
        text,
        at,
        "Expected the end of the value after the closing quote, found `%s`."
            .formatted(Quoting.shown(rest)),
        "Quote the whole value: %s%s.".formatted(entry.prefix(), requoted(entry.value())));
  }

  /** An odd number of quotes means that one of them was meant as a character of the text. */
  private static String requoted(String value) {
    char quote = value.charAt(0);
    boolean odd = value.chars().filter(c -> c == quote).count() % 2 == 1;
    boolean wrapped = value.length() > 1 && value.charAt(value.length() - 1) == quote;
    return Quoting.quoted(odd && wrapped ? value.substring(1, value.length() - 1) : value);
  }

  private static Trap braces(SourceText text, Entry entry, String taken) {
    return Trap.of(
        Rule.YAML_BRACES,
        text,
        entry.start(),
        "Expected text, found `%s`: unquoted, YAML takes %s."
            .formatted(Quoting.shown(entry.value()), taken),
        "Write %s%s.".formatted(entry.prefix(), Quoting.quoted(entry.value())));
  }

  /** A text of several lines that ` #` cut in its first line. */
  private static @Nullable Trap cutByComment(SourceText text, int at) {
    int line = text.line(at);
    String above = line == 0 ? "" : text.lineText(line - 1);
    int hash = above.indexOf(" #");
    if (hash <= 0 || above.substring(0, hash).isBlank()) {
      return null;
    }
    return Trap.of(
        Rule.YAML_COMMENT,
        text,
        text.start(line - 1) + hash + 1,
        "Expected the rest of the text, found a comment: ` #` ends an unquoted text.",
        "Quote the text, or write it below `|`.");
  }

  private static Trap cannotBegin(SourceText text, int at) {
    Entry line = Entry.ofLine(text, at);
    Entry entry = line != null && line.start() == at ? line : Entry.inFlow(text, at);
    String message =
        "Expected text, found `%s`, which cannot begin an unquoted text.".formatted(text.at(at));
    if (entry == null || entry.start() != at) {
      String rest = Quoting.quoted(text.restOfLine(at).strip());
      return Trap.of(Rule.YAML_FIRST_CHARACTER, text, at, message, "Write " + rest + ".");
    }
    String hint = "Write %s%s.".formatted(entry.prefix(), Quoting.quoted(entry.value()));
    return Trap.of(Rule.YAML_FIRST_CHARACTER, text, at, message, hint)
        .quoting(entry.start(), entry.end());
  }

  /** Mistakes of something that was begun and does not go on as it should. */
  private static @Nullable Trap opened(
      SourceText text, int at, int from, String what, String context) {
    if (context.contains("quoted scalar") && what.contains("escape")) {
      return Trap.of(
          Rule.YAML_ESCAPE,
          text,
          at - 1,
          "Expected an escape such as `\\n` or `\\\"` in double quotes, found `\\%s`."
              .formatted(text.at(at)),
          "Double the backslash, or use single quotes.");
    }
    if (context.contains("quoted scalar")) {
      return Trap.of(
          Rule.YAML_QUOTES,
          text,
          from,
          "Expected a closing quote, found none: the text that begins here never ends.",
          "Close it with `" + text.at(from) + "`.");
    }
    if (context.contains("block scalar")) {
      return Trap.of(
          Rule.YAML_BLOCK_TEXT,
          text,
          at,
          "Expected the text on the lines below `%s`, found text beside it."
              .formatted(text.at(from)),
          "Begin the text in the next line, indented; or quote it.");
    }
    if (context.contains("scanning a tag")) {
      int end = from;
      while (!Character.isWhitespace(text.at(end)) && ",}]".indexOf(text.at(end)) < 0) {
        end++;
      }
      return new Trap(tag(text, from), new Trap.Fix.Quote(from, end));
    }
    return what.startsWith("could not find expected ':'") ? noColon(text, from) : null;
  }

  private static Trap noColon(SourceText text, int from) {
    return Trap.of(
        SYNTAX,
        text,
        from,
        "Expected `key: value`, found `%s` without a colon."
            .formatted(Quoting.shown(text.restOfLine(from))),
        "Add the colon, or indent the line if it goes on with the text above.");
  }

  private static Trap plainly(SourceText text, int at, int from, String what) {
    if (what.startsWith("expected <block end>")) {
      return Trap.of(
          Rule.YAML_INDENTATION,
          text,
          at,
          "Expected the next entry or the end of what begins in line %d, found `%s`."
              .formatted(text.place(from).line(), Quoting.shown(text.restOfLine(at))),
          "Give the line the indentation of the entries beside it.");
    }
    String plain = what.isEmpty() ? "it breaks the syntax" : what;
    return Trap.of(SYNTAX, text, at, "YAML cannot be read here: " + plain + ".", null);
  }
}
