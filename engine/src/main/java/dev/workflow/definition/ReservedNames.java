package dev.workflow.definition;

import java.util.Set;

/** What no input, no step and no variable may be called, as expressions read it otherwise. */
public final class ReservedNames {
  /** Words of the expression language, and names that every expression has. */
  private static final Set<String> ALL =
      Set.of(
          "true",
          "false",
          "null",
          "in",
          "and",
          "or",
          "not",
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "let",
          "loop",
          "package",
          "namespace",
          "return",
          "var",
          "void",
          "while",
          "inputs",
          "steps",
          "run",
          "call",
          "previous");

  private ReservedNames() {}

  public static boolean contains(String name) {
    return ALL.contains(name);
  }
}
