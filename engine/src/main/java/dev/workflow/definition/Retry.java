package dev.workflow.definition;

import java.time.Duration;
import java.util.Set;

/**
 * When a failed attempt is tried again. The wait before retry {@code n} is drawn evenly from half
 * to the whole of {@code min(last, first * 2^(n-1))}.
 *
 * @param max retries after the first attempt; 0: none
 * @param on the error kinds that are tried again; empty: {@link #TRANSIENT}
 */
public record Retry(int max, Duration first, Duration last, Set<ErrorKind> on) {

  /** The kinds that a retry without {@code on} covers. */
  public static final Set<ErrorKind> TRANSIENT =
      Set.of(ErrorKind.TIMEOUT, ErrorKind.UNAVAILABLE, ErrorKind.RATE_LIMITED);

  /** No retry at all, the default. */
  public static final Retry NONE =
      new Retry(0, Duration.ofSeconds(1), Duration.ofSeconds(30), Set.of());

  public Retry {
    on = on.isEmpty() ? TRANSIENT : Set.copyOf(on);
  }
}
