package dev.workflow.schema;

import com.networknt.schema.Error;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns what the library found into what people read. */
final class Violations {
  private static final Set<String> WITH_PROPERTY =
      Set.of("required", "additionalProperties", "unevaluatedProperties");

  private static final Set<String> WITH_INDEX =
      Set.of("items", "additionalItems", "unevaluatedItems");

  /** Errors beyond this are not looked at: a long list repeats itself. */
  private static final int ERRORS_MAX = 2_000;

  private Violations() {}

  static List<Violation> of(List<Error> errors) {
    List<Error> some = errors.subList(0, Math.min(errors.size(), ERRORS_MAX));
    return collapse(some, 0).stream().distinct().limit(JsonSchemas.VIOLATIONS_MAX).toList();
  }

  /** Errors of one place each, those of alternatives judged together. */
  static List<Violation> collapse(List<Error> errors, int from) {
    List<Object> parts = new ArrayList<>();
    Map<Choice.Key, Choice> choices = new LinkedHashMap<>();
    for (Error error : errors) {
      Choice.Key key = Choice.keyOf(error, from);
      if (key == null) {
        parts.add(single(error));
        continue;
      }
      Choice choice = choices.get(key);
      if (choice == null) {
        choice = new Choice(key);
        choices.put(key, choice);
        parts.add(choice);
      }
      choice.add(error);
    }
    List<Violation> found = new ArrayList<>();
    for (Object part : parts) {
      if (part instanceof Choice choice) {
        found.addAll(choice.violations());
      } else {
        found.add((Violation) part);
      }
    }
    return found;
  }

  private static Violation single(Error error) {
    String keyword = error.getKeyword();
    String pointer = Pointers.of(error.getInstanceLocation());
    Object[] arguments = error.getArguments();
    if (WITH_INDEX.contains(keyword) && arguments != null && arguments.length > 0) {
      pointer = Pointers.child(pointer, String.valueOf(arguments[0]));
    }
    String property = error.getProperty();
    String named = property != null && WITH_PROPERTY.contains(keyword) ? property : "";
    return new Violation(pointer, keyword, named, Wording.of(error));
  }
}
