package dev.workflow.expression;

/**
 * The smallest part of an expression that means something.
 *
 * @param text as written
 * @param at where it begins
 */
record Token(Kind kind, String text, int at) {
  enum Kind {
    NAME,
    /** A name between backquotes. */
    QUOTED_NAME,
    /** A number, or what begins like one. */
    NUMBER,
    /** A string with its prefix and quotes, or what begins like one. */
    STRING,
    SYMBOL,
    END
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** Whether it is an operator, written as a symbol or as a word. */
  boolean is(String symbol, String word) {
    return is(symbol) || (kind == Kind.NAME && text.equals(word));
  }

  /** As messages show it. */
  String shown() {
    return kind == Kind.END ? "the end" : "`" + text + "`";
  }
}
