package dev.workflow.mcp.oauth;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint gave. Holds secrets: never print it.
 *
 * @param refresh for the next one; absent: there is none
 * @param expires absent: nobody said when
 * @param scopes that were granted; empty: nobody said which
 */
record Tokens(
    String access,
    @Nullable String refresh,
    Instant issued,
    @Nullable Instant expires,
    List<String> scopes) {
  /** So long before its end a token is renewed, or a fifth of its life, whatever is less. */
  private static final Duration AHEAD = Duration.ofSeconds(60);

  Tokens {
    scopes = List.copyOf(scopes);
  }

  /** Whether it can be sent for a while yet. */
  boolean isFresh(Instant now) {
    if (expires == null) {
      return true;
    }
    Duration fifth = Duration.between(issued, expires).dividedBy(5);
    return now.plus(fifth.compareTo(AHEAD) < 0 ? fifth : AHEAD).isBefore(expires);
  }

  /** Whether it can be sent now. */
  boolean isValid(Instant now) {
    return expires == null || now.isBefore(expires);
  }

  @Override
  public String toString() {
    return "Tokens[" + expires + ", " + scopes + "]";
  }
}
