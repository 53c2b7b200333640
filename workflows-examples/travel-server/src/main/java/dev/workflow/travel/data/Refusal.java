package dev.workflow.travel.data;

/**
 * A question that cannot be answered as asked. The message is for the caller: what was expected,
 * what was found, what to do next.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public Refusal(String message) {
    super(message, null, false, false);
  }
}
