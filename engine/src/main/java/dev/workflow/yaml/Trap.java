package dev.workflow.yaml;

import dev.workflow.definition.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Why a text is no YAML.
 *
 * @param fix what makes it YAML as it was meant, so that the rest can be read; absent: unknown
 */
record Trap(Problem problem, @Nullable Fix fix) {

  static Trap of(String rule, SourceText text, int at, String message, @Nullable String hint) {
    return new Trap(Problem.invalid(rule, text.place(at), message, hint), null);
  }

  /** The same, where the text from one offset to before another was meant as one text. */
  Trap quoting(int from, int to) {
    return new Trap(problem, new Fix.Quote(from, to));
  }

  Trap withoutTabs() {
    return new Trap(problem, new Fix.ReplaceTabs());
  }

  /** A change of the text. */
  sealed interface Fix {
    /** Puts quotes around a part. */
    record Quote(int from, int to) implements Fix {}

    /** Indents with two spaces for each tab. */
    record ReplaceTabs() implements Fix {}
  }
}
