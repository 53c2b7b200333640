package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class SystemClockTest {

  @Test
  @Timeout(60)
  void whatIsCancelledIsLetGoOfLongBeforeItsTime() throws InterruptedException {
    try (SystemClock clock = new SystemClock()) {
      WeakReference<Object> held = cancelled(clock);
      while (held.get() != null) {
        System.gc();
        Thread.sleep(10);
      }
      assertThat(held.get()).isNull();
    }
  }

  private static WeakReference<Object> cancelled(SystemClock clock) {
    byte[] state = new byte[1_000];
    clock.after(Duration.ofDays(1), () -> state[0]++).run();
    return new WeakReference<>(state);
  }

  @Test
  void aTaskRunsAfterItsDelay() throws InterruptedException {
    try (SystemClock clock = new SystemClock()) {
      CountDownLatch ran = new CountDownLatch(1);
      clock.after(Duration.ZERO, ran::countDown);
      assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }
}
