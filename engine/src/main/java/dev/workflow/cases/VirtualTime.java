package dev.workflow.cases;

import dev.workflow.engine.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.scheduler.Scheduler;

/**
 * Time that stands still while anything is left to do, and then jumps to what is due next. One
 * thread: tasks run in the order in which they are due, those of one moment in the order in which
 * they were asked for. Chance is always the middle.
 */
public final class VirtualTime implements Clock {
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparing(Timer::due).thenComparingLong(Timer::number));
  private Instant now;
  private long count;

  /** Begins at an instant. */
  public VirtualTime(Instant start) {
    now = start;
  }

  private record Timer(Instant due, long number, Runnable task) {}

  /** Goes on to what is due next and does it; false when nothing is. */
  public boolean pass() {
    Timer next = timers.poll();
    if (next == null) {
      return false;
    }
    now = next.due().isAfter(now) ? next.due() : now;
    next.task().run();
    return true;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public double chance() {
    return 0.5;
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    Timer timer = new Timer(now.plus(delay.isNegative() ? Duration.ZERO : delay), count++, task);
    timers.add(timer);
    return () -> timers.removeIf(each -> each.number() == timer.number());
  }

  /** The same time for what waits by a scheduler. */
  public Scheduler scheduler() {
    return new Scheduler() {
      @Override
      public Disposable schedule(Runnable task) {
        return schedule(task, 0, TimeUnit.NANOSECONDS);
      }

      @Override
      public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
        Runnable cancel = after(Duration.of(delay, unit.toChronoUnit()), task);
        return cancel::run;
      }

      @Override
      public Worker createWorker() {
        Disposable.Composite all = Disposables.composite();
        Scheduler tasks = this;
        return new Worker() {
          @Override
          public Disposable schedule(Runnable task) {
            return schedule(task, 0, TimeUnit.NANOSECONDS);
          }

          @Override
          public Disposable schedule(Runnable task, long delay, TimeUnit unit) {
            Disposable scheduled = tasks.schedule(task, delay, unit);
            all.add(scheduled);
            return scheduled;
          }

          @Override
          public void dispose() {
            all.dispose();
          }
        };
      }
    };
  }
}
