package dev.workflow.expression;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** All functions and operators: what can be compiled is exactly what is done here. */
final class Functions {
  private static final Map<String, Function> ALL = index();

  private Functions() {}

  static @Nullable Function named(String name) {
    return ALL.get(name);
  }

  /** What people may write, for suggestions. */
  static Set<String> names() {
    Set<String> names = new TreeSet<>(Forms.NAMES);
    ALL.keySet().stream().filter(name -> Character.isLetter(name.charAt(0))).forEach(names::add);
    return names;
  }

  private static Map<String, Function> index() {
    Map<String, Function> functions = new HashMap<>();
    Stream.of(
            OperatorFunctions.ALL,
            ConversionFunctions.ALL,
            TextFunctions.ALL,
            ListFunctions.ALL,
            MathFunctions.ALL,
            TimeFunctions.ALL)
        .flatMap(group -> group.stream())
        .forEach(function -> functions.put(function.name(), function));
    return Collections.unmodifiableMap(functions);
  }
}
