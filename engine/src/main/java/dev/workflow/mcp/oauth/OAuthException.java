package dev.workflow.mcp.oauth;

import java.util.List;

/** A server does not let us in, or nobody can be logged in there. Nothing was executed. */
public final class OAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Remedy remedy;
  private final transient List<String> details;

  /** What a person can do about it. */
  public enum Remedy {
    /** Nothing that could be told. */
    NONE,
    /** Log in. */
    LOGIN,
    /** Register a client at the authorization server, and name it in the entry. */
    CLIENT
  }

  private OAuthException(Remedy remedy, String message, List<String> details) {
    super(message);
    this.remedy = remedy;
    this.details = List.copyOf(details);
  }

  static OAuthException failed(String message, String... details) {
    return new OAuthException(Remedy.NONE, message, List.of(details));
  }

  static OAuthException loginNeeded(String message, List<String> details) {
    return new OAuthException(Remedy.LOGIN, message, details);
  }

  static OAuthException clientNeeded(String message, String detail) {
    return new OAuthException(Remedy.CLIENT, message, List.of(detail));
  }

  /** Whether a person who logs in is what helps. */
  boolean isLoginNeeded() {
    return remedy == Remedy.LOGIN;
  }

  /** What helps. */
  public Remedy remedy() {
    return remedy;
  }

  /** Further lines: what the other side said, and what to do. */
  public List<String> details() {
    return details;
  }
}
