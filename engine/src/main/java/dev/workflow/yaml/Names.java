package dev.workflow.yaml;

import dev.workflow.definition.ReservedNames;
import dev.workflow.definition.Rule;
import java.util.regex.Pattern;

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
}
