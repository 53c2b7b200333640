package dev.workflow.cli;

/** The command line is wrong: exit code 2, and one message that says what to do. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message, null, false, false);
  }
}
