package dev.workflow.mcp;

/** There is nothing to start. */
final class NoExecutable extends Exception {
  private static final long serialVersionUID = 1L;

  NoExecutable(String message) {
    super(message);
  }
}
