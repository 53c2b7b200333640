package dev.workflow.yaml;

import dev.workflow.definition.ReservedNames;
import dev.workflow.definition.Rule;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** What inputs, steps and the variables of {@code each} may be called. */
final class Names {

  static final Pattern ID = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private Names() {}

  /** Reports a name that cannot be used in expressions. */
  static void check(String what, String name, String pointer, Findings findings) {
    if (!ID.matcher(name).matches()) {
      String fixed = fixed(name);
      findings.key(
          Rule.BAD_NAME,
          pointer,
          "Expected a name of letters, digits and `_` for %s, found `%s`.".formatted(what, name),
          fixed.isEmpty() ? null : "Call it `" + fixed + "`.");
    } else if (ReservedNames.contains(name)) {
      findings.key(
          Rule.RESERVED_NAME,
          pointer,
          "Expected another name for %s, found `%s`, a word of the expression language."
              .formatted(what, name),
          "Call it `" + name + "_`, say.");
    }
  }

  /** A name made an id: other characters become {@code _}; empty: nothing is left. */
  static String fixed(String name) {
    String cleaned = name.strip().replaceAll("[^A-Za-z0-9_]+", "_");
    if (cleaned.replace("_", "").isEmpty()) {
      return "";
    }
    return Character.isDigit(cleaned.charAt(0)) ? "_" + cleaned : cleaned;
  }

  /** The names that a document gives: of inputs, of steps at any depth, of elements. */
  static Set<String> takenIn(JsonNode document) {
    Set<String> taken = new HashSet<>();
    for (String input : document.path("inputs").propertyNames()) {
      taken.add(input.endsWith("?") ? input.substring(0, input.length() - 1) : input);
    }
    collect(document.path("steps"), taken);
    return taken;
  }

  private static void collect(JsonNode steps, Set<String> taken) {
    for (Map.Entry<String, JsonNode> step : steps.properties()) {
      taken.add(step.getKey());
      EachText each = EachText.of(Values.text(step.getValue(), "each", ""));
      if (each != null) {
        taken.add(each.variable());
      }
      collect(step.getValue().path("steps"), taken);
    }
  }

  /** A name that was not taken, which it is from now on: the given one if that is free. */
  static String free(String name, Set<String> taken) {
    String fixed = fixed(name);
    String base = fixed.isEmpty() || ReservedNames.contains(fixed) ? fixed + "_" : fixed;
    String free = base;
    for (int i = 2; !taken.add(free); i++) {
      free = base + "_" + i;
    }
    return free;
  }
}
