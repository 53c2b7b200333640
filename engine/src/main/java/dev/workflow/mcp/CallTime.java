package dev.workflow.mcp;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * How long a call may take.
 *
 * @param silence without an answer or a sign of progress
 * @param longest whatever the server tells of its progress
 */
record CallTime(Duration silence, Duration longest) {
  private static final int EXTENSIONS = 10;

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
    private final AtomicLong lastSign = new AtomicLong(start);

    void progressed() {
      lastSign.set(System.nanoTime());
    }

    /** Which time is over, as soon as one is. */
    Mono<Duration> over() {
      return Mono.defer(
          () -> {
            long now = System.nanoTime();
            long quiet = silence.toNanos() - (now - lastSign.get());
            long left = Math.min(quiet, longest.toNanos() - (now - start));
            return left <= 0
                ? Mono.just(quiet <= 0 ? silence : longest)
                : Mono.delay(Duration.ofNanos(left)).then(over());
          });
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
