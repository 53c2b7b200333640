package dev.workflow.mcp;

import java.time.Duration;
import reactor.core.publisher.Mono;

/**
 * How long a call may take.
 *
 * @param silence without an answer or a sign of progress
 * @param longest whatever the server tells of its progress
 */
record CallTime(Duration silence, Duration longest) {
  private static final int EXTENSIONS = 10;

  /** How soon a clock that stands still is looked at again, at the earliest. */
  private static final Duration AT_REST = Duration.ofMillis(100);

  /** Not longer than this. */
  static CallTime exactly(Duration time) {
    return new CallTime(time, time);
  }

  /** So long again after each sign of progress, ten times as long altogether. */
  static CallTime extended(Duration silence) {
    return new CallTime(silence, silence.multipliedBy(EXTENSIONS));
  }

  /** The time of one call that is under way. */
  final class Clock {
    private final long start = System.nanoTime();
    private long lastSign = start;

    /** How long it has stood still so far. */
    private long still;

    /** Since when it stands still; 0: it does not. */
    private long stillSince;

    synchronized void progressed() {
      lastSign = now();
    }

    /** Stands still: a person or a model is asked. */
    synchronized void pause() {
      stillSince = System.nanoTime();
    }

    synchronized void resume() {
      still += System.nanoTime() - stillSince;
      stillSince = 0;
    }

    private long now() {
      return (stillSince == 0 ? System.nanoTime() : stillSince) - still;
    }

    private synchronized long quiet() {
      return silence.toNanos() - (now() - lastSign);
    }

    private synchronized long left() {
      long left = Math.min(quiet(), longest.toNanos() - (now() - start));
      return stillSince == 0 ? left : Math.max(left, AT_REST.toNanos());
    }

    /** Which time is over, as soon as one is. */
    Mono<Duration> over() {
      return Mono.defer(() -> Mono.delay(Duration.ofNanos(Math.max(0, left()))))
          .repeat(() -> left() > 0)
          .then(Mono.fromSupplier(() -> quiet() <= 0 ? silence : longest));
    }
  }

  Clock start() {
    return new Clock();
  }

  /** A duration as messages name it. */
  static String words(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
