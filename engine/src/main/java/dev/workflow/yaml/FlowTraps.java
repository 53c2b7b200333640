package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import org.jspecify.annotations.Nullable;

/** Mistakes inside {@code {...}} and {@code [...]}. */
final class FlowTraps {

  private FlowTraps() {}

  /**
   * The mistake behind a failure.
   *
   * @param at where the parser gave up
   * @param from where the braces or brackets begin
   */
  static Trap explain(SourceText text, int at, int from, String what) {
    char open = text.at(from);
    char close = open == '[' ? ']' : '}';
    if (text.at(at) == '{' && text.at(at - 1) == '$') {
      return dollarBraces(text, at - 1);
    }
    Trap cut = cutByComment(text, at, from, close);
    if (cut != null) {
      return cut;
    }
    Trap inEntry = inEntry(text, at);
    if (inEntry != null) {
      return inEntry;
    }
    if (what.contains("<stream end>")) {
      return Trap.of(
          SyntaxTraps.SYNTAX,
          text,
          from,
          "Expected `%s`, found the end of the file: the `%s` here is never closed."
              .formatted(close, open),
          "Close it with `" + close + "`.");
    }
    return Trap.of(
        SyntaxTraps.SYNTAX,
        text,
        at,
        "Expected `,` or `%s`, found `%s`.".formatted(close, Quoting.shown(text.restOfLine(at))),
        "Text with braces, brackets or commas needs quotes inside %s...%s.".formatted(open, close));
  }

  /** {@code {prompt: do #1}}: what closes the braces stands in the comment. */
  private static @Nullable Trap cutByComment(SourceText text, int at, int from, char close) {
    String rest = text.restOfLine(from);
    int hash = rest.indexOf(" #");
    if (hash < 0 || from + hash >= at || rest.indexOf(close, hash) < 0 || isQuoted(rest, hash)) {
      return null;
    }
    return Trap.of(
        Rule.YAML_COMMENT,
        text,
        from + hash + 1,
        "Expected `%s`, found a comment that hides it: ` #` ends an unquoted text."
            .formatted(close),
        "Quote the text that holds `#`.");
  }

  private static boolean isQuoted(String line, int index) {
    String before = line.substring(0, index);
    return before.chars().filter(c -> c == '"').count() % 2 == 1
        || before.chars().filter(c -> c == '\'').count() % 2 == 1;
  }

  private static @Nullable Trap inEntry(SourceText text, int at) {
    Entry entry = Entry.inFlow(text, at);
    if (entry == null || at <= entry.start() || at >= text.length()) {
      return null;
    }
    if (text.at(at) == ':') {
      return SyntaxTraps.colon(text, at, entry).quoting(entry.start(), entry.end());
    }
    return SyntaxTraps.leftOver(text, entry, at);
  }

  /** {@code {a: ${x}}}: in braces and brackets an unquoted text ends at the next brace. */
  private static Trap dollarBraces(SourceText text, int dollar) {
    int from = dollar;
    while (from > 0 && "{[,\n\r".indexOf(text.at(from - 1)) < 0 && !afterColon(text, from)) {
      from--;
    }
    while (from < dollar && text.at(from) == ' ') {
      from++;
    }
    int to = end(text, dollar);
    String meant = text.text().substring(from, to);
    return Trap.of(
            Rule.YAML_DOLLAR_BRACES,
            text,
            dollar,
            "Expected quotes around `%s` inside {...} or [...], found none: YAML ends the text at the brace."
                .formatted(Quoting.shown(meant)),
            "Write " + Quoting.quoted(meant) + ".")
        .quoting(from, to);
  }

  private static boolean afterColon(SourceText text, int from) {
    return text.at(from - 1) == ' ' && text.at(from - 2) == ':';
  }

  /**
   * Where the text ends that has braces of its own: at a comma or brace that closes none of them.
   */
  private static int end(SourceText text, int dollar) {
    int depth = 0;
    int at = dollar;
    while (!SourceText.isBreak(text.at(at))) {
      char c = text.at(at);
      if (c == '{' || c == '[') {
        depth++;
      } else if (depth > 0 && (c == '}' || c == ']')) {
        depth--;
      } else if (depth == 0 && ",}]".indexOf(c) >= 0) {
        break;
      }
      at++;
    }
    while (at > dollar && text.at(at - 1) == ' ') {
      at--;
    }
    return at;
  }
}
