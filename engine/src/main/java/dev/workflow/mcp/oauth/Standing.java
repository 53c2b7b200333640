package dev.workflow.mcp.oauth;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether somebody is logged in at a server, as far as is known without asking it. */
public sealed interface Standing {
  /** Nobody is, and the server was not heard to want it. */
  record Unknown() implements Standing {}

  /** Nobody is, and the server wants it. */
  record Wanted(List<String> scopes) implements Standing {
    public Wanted {
      scopes = List.copyOf(scopes);
    }
  }

  /** The login is worth nothing any more. */
  record Over(String issuer, String why) implements Standing {}

  /**
   * Somebody is.
   *
   * @param scopes that were granted; empty: nobody said which
   * @param until absent: it is renewed by itself, or nobody said when it ends
   * @param refused whether the server refused something since, as the login allows too little
   * @param missing scopes that it named then and that were not granted
   */
  record LoggedIn(
      String issuer,
      Instant since,
      List<String> scopes,
      @Nullable Instant until,
      boolean refused,
      List<String> missing)
      implements Standing {
    public LoggedIn {
      scopes = List.copyOf(scopes);
      missing = List.copyOf(missing);
    }
  }
}
