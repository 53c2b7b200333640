package dev.workflow.expression;

import dev.workflow.engine.Expressions.Wanted;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a place asks of an expression, before and after it is evaluated. */
final class Wants {
  private Wants() {}

  /** The words for what was expected; null: the type will do. */
  static @Nullable String refuse(Wanted wanted, Type type) {
    boolean fits =
        switch (wanted) {
          case ANY -> true;
          case BOOLEAN -> Simple.BOOLEAN.accepts(type);
          case COLLECTION -> Type.isCollection(type);
          case KEY -> oneOf(type, Simple.STRING, Simple.NUMBER);
          case TIME -> oneOf(type, Simple.TIMESTAMP, Simple.DURATION, Simple.STRING, Simple.NUMBER);
        };
    return fits ? null : words(wanted);
  }

  private static boolean oneOf(Type type, Type... types) {
    return List.of(types).stream().anyMatch(t -> t.accepts(type));
  }

  /** The words for what was expected; null: the value will do. */
  static @Nullable String refuse(Wanted wanted, JsonNode value) {
    boolean fits =
        switch (wanted) {
          case ANY -> true;
          case BOOLEAN -> value.isBoolean();
          case COLLECTION -> value.isContainer();
          case KEY, TIME -> value.isString() || value.isNumber();
        };
    return fits ? null : words(wanted);
  }

  private static String words(Wanted wanted) {
    return switch (wanted) {
      case ANY -> "anything";
      case BOOLEAN -> "true or false";
      case COLLECTION -> "a list or an object";
      case KEY -> "a string or a number";
      case TIME -> "a time or a duration";
    };
  }
}
