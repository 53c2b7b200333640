package dev.workflow.mcp.oauth;

import java.util.List;

/** A server does not let us in, or nobody can be logged in there. Nothing was executed. */
public final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean loginNeeded;
  private final transient List<String> details;

  private OAuthException(boolean loginNeeded, String message, List<String> details) {
    super(message);
    this.loginNeeded = loginNeeded;
    this.details = List.copyOf(details);
  }

  static OAuthException failed(String message, String... details) {
    return new OAuthException(false, message, List.of(details));
  }

  static OAuthException loginNeeded(String message, List<String> details) {
    return new OAuthException(true, message, details);
  }

  /** Whether a person who logs in is what helps. */
  public boolean isLoginNeeded() {
    return loginNeeded;
  }

  /** Further lines: what the other side said, and what to do. */
  public List<String> details() {
    return details;
  }
}
