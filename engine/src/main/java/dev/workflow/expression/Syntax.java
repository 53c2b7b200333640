package dev.workflow.expression;

import dev.workflow.engine.Expressions.ExpressionException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A part of an expression as it is written. Offsets count the {@code char}s of the text before it.
 */
sealed interface Syntax {
  /** What to do with an expression that nests too deeply. */
  String SPLIT = "Split it over several `set` steps.";

  /** Where the part's own token stands: its name, its operator, its bracket. */
  int at();

  /** Where its first character stands; parentheses around it are not counted. */
  default int start() {
    return at();
  }

  /** A number, a string, a boolean or null written out. */
  record Constant(JsonNode value, int at) implements Syntax {}

  record Name(String name, int at) implements Syntax {}

  /** {@code of.property}. */
  record Select(Syntax of, String property, int at) implements Syntax {
    @Override
    public int start() {
      return of.start();
    }
  }

  /**
   * A call of a function or of an operator.
   *
   * @param target what stands before the dot
   * @param function its name; an operator has underscores where its operands stand
   */
  record Call(@Nullable Syntax target, String function, List<Syntax> arguments, int start, int at)
      implements Syntax {
    public Call {
      arguments = List.copyOf(arguments);
    }

    static Call infix(String operator, Syntax left, Syntax right, int at) {
      return new Call(null, operator, List.of(left, right), left.start(), at);
    }
  }

  record ListOf(List<Syntax> elements, int at) implements Syntax {
    public ListOf {
      elements = List.copyOf(elements);
    }
  }

  record ObjectOf(List<Entry> entries, int at) implements Syntax {
    public ObjectOf {
      entries = List.copyOf(entries);
    }

    record Entry(Syntax key, Syntax value) {}
  }

  static ExpressionException mistake(String message, int offset, @Nullable String hint) {
    return new ExpressionException(message, "", offset, hint);
  }

  static ExpressionException tooDeep(int offset) {
    return mistake("The expression nests too deeply.", offset, SPLIT);
  }
}
