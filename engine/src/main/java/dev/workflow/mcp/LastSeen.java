package dev.workflow.mcp;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When a server was last seen well, and when it was not. Secrets are masked.
 *
 * @param started when it last answered the greeting; absent: it never did
 * @param startup how long that took, from its start on
 * @param failed when it last failed; absent: it never did
 * @param error what was found then
 * @param details such as its last lines on standard error
 */
public record LastSeen(
    @Nullable Instant started,
    @Nullable Duration startup,
    @Nullable Instant failed,
    @Nullable String error,
    List<String> details) {
  /** Nothing is known. */
  static final LastSeen NEVER = new LastSeen(null, null, null, null, List.of());

  public LastSeen {
    details = List.copyOf(details);
  }
}
