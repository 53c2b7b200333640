package dev.workflow.mcp.remote;

import java.io.IOException;

/** An answer that came and cannot be used; the message begins with a verb in the third person. */
public final class Unreadable extends IOException {
  private static final long serialVersionUID = 1L;

  public Unreadable(String message) {
    super(message);
  }
}
