package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;

/**
 * Keeps a server that does not come up from being started by every call. After a failure nobody
 * tries for a while, which doubles with each failure in a row; then the next one tries for all.
 */
final class Breaker {
  private static final int MAX_DOUBLINGS = 20;

  private final Duration first;
  private final Duration longest;
  private final Scheduler time;
  private @Nullable ToolException last;
  private int failures;
  private long since;
  private long waitMillis;

  /**
   * A breaker that lets through.
   *
   * @param first wait; each is drawn from the upper half of what it may be
   */
  Breaker(Duration first, Duration longest, Scheduler time) {
    this.first = first;
    this.longest = longest;
    this.time = time;
  }

  /**
   * The server did not come up.
   *
   * @return whether this is news: what comes of one trial counts once, whoever tells of it
   */
  synchronized boolean failed(ToolException failure) {
    // A login is what helps then, not time.
    boolean refused = failure.error().kind() == ErrorKind.LOGIN_NEEDED;
    if (refused || !rest().isZero()) {
      return false;
    }
    last = failure;
    long whole = first.toMillis() << Math.min(failures, MAX_DOUBLINGS);
    long bounded = Math.max(1, Math.min(longest.toMillis(), whole));
    waitMillis = bounded - ThreadLocalRandom.current().nextLong(bounded / 2 + 1);
    since = time.now(TimeUnit.MILLISECONDS);
    failures++;
    return true;
  }

  /** The server is of use again. */
  synchronized void succeeded() {
    failures = 0;
    waitMillis = 0;
    last = null;
  }

  /** How long nobody tries; zero: the next one does. */
  synchronized Duration rest() {
    long passed = time.now(TimeUnit.MILLISECONDS) - since;
    boolean resting = passed >= 0 && passed < waitMillis;
    return resting ? Duration.ofMillis(waitMillis - passed) : Duration.ZERO;
  }

  /** What all are told who come before that. */
  synchronized Optional<ToolException> refusal() {
    Duration rest = rest();
    if (rest.isZero() || last == null) {
      return Optional.empty();
    }
    String message =
        "%s; not tried again for %s, as it failed %s"
            .formatted(
                last.error().message(),
                CallTime.words(rest),
                failures == 1 ? "a moment ago" : failures + " times in a row");
    return Optional.of(Failures.unavailable(message, last.error().details()));
  }
}
