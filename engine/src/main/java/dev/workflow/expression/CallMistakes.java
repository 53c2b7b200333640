package dev.workflow.expression;

import dev.workflow.engine.Expressions.ExpressionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says that a function or an operator does not take what it was given. */
final class CallMistakes {
  private CallMistakes() {}

  static ExpressionException of(
      Function function, Syntax.Call part, boolean member, List<Type> types) {
    String phrase = function.phrase();
    if (phrase == null) {
      String found = "`" + function.call(member, types) + "`";
      return Syntax.mistake(
          "Expected " + function.usage() + ", found " + found + ".", part.at(), null);
    }
    Object[] words = types.stream().map(Type::words).toArray();
    return Syntax.mistake(phrase.formatted(words), part.at(), hint(function, types));
  }

  private static @Nullable String hint(Function function, List<Type> types) {
    boolean texts = types.contains(Simple.STRING);
    boolean numbers = types.stream().anyMatch(Simple.NUMBER::accepts);
    if (function.name().equals("_+_") && texts && numbers) {
      return "Write string(x) to turn a number into text.";
    }
    if (function.name().equals("!_")) {
      return "It applies to what follows directly; write not (a == b) for the rest.";
    }
    boolean ordering = function.name().startsWith("_<") || function.name().startsWith("_>");
    return ordering && texts && numbers ? "Write double(x) to turn text into a number." : null;
  }
}
