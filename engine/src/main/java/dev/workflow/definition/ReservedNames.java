package dev.workflow.definition;

import java.util.Set;

/** What no input, no step and no variable may be called, as expressions read it otherwise. */
public final class ReservedNames {
  /** Words that expressions reserve, though most of them mean nothing. */
  private static final Set<String> WORDS =
      Set.of(
          "as",
          "break",
          "const",
          "continue",
          "else",
          "for",
          "function",
          "if",
          "import",
          "in",
          "let",
          "loop",
          "namespace",
          "package",
          "return",
          "var",
          "void",
          "while");

  /** Values and operators of expressions, and names that every expression has. */
  private static final Set<String> TAKEN =
      Set.of(
          "true",
          "false",
          "null",
          "and",
          "or",
          "not",
          "inputs",
          "steps",
          "run",
          "call",
          "previous");

  private ReservedNames() {}

  public static boolean contains(String name) {
    return isWord(name) || TAKEN.contains(name);
  }

  /** Whether an expression cannot even name it. */
  public static boolean isWord(String name) {
    return WORDS.contains(name);
  }
}
