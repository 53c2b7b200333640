package dev.workflow.yaml;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a text is no YAML.
 *
 * @param fix what makes it YAML as it was meant, so that the rest can be read; absent: unknown
 */
record Trap(Problem problem, @Nullable Fix fix) {

  static Trap of(Rule rule, SourceText text, int at, String message, @Nullable String hint) {
    return new Trap(Problem.invalid(rule, text.place(at), message, hint), null);
  }

  /** The same, where the text from one offset to before another was meant as one text. */
  Trap quoting(int from, int to) {
    return new Trap(problem, new Fix.Quote(from, to));
  }

  Trap indenting(Map<Integer, Integer> spaces) {
    return new Trap(problem, new Fix.Indent(spaces));
  }

  /** A change of the text. */
  sealed interface Fix {
    /** Puts quotes around a part. */
    record Quote(int from, int to) implements Fix {}

    /**
     * Indents lines anew.
     *
     * @param spaces by the offset of each character of the old indentation: how many spaces instead
     */
    record Indent(Map<Integer, Integer> spaces) implements Fix {
      public Indent {
        spaces = Map.copyOf(spaces);
      }

      String instead(int offset, String own) {
        Integer count = spaces.get(offset);
        return count == null ? own : " ".repeat(count);
      }
    }
  }
}
