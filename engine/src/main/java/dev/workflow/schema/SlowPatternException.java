package dev.workflow.schema;

/** A pattern would need more work on a text than it may take. */
final class SlowPatternException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SlowPatternException(String pattern) {
    super("cannot be checked: the pattern " + pattern + " takes too long on this text");
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
