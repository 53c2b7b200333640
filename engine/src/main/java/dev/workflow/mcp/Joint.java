package dev.workflow.mcp;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Work that is done once for all who wait for it, and given up when nobody waits any more. */
final class Joint<T> {
  private final Mono<T> work;
  private final Sinks.One<T> outcome = Sinks.one();
  private final Disposable.Swap running = Disposables.swap();
  private final AtomicBoolean begun = new AtomicBoolean();
  private int waiting;
  private boolean over;
  private boolean abandoned;

  Joint(Mono<T> work) {
    this.work = work;
  }

  /**
   * The outcome for one more, who counts as waiting from now on: it must be subscribed to. The
   * first one begins the work.
   *
   * @return null when the work was given up
   */
  synchronized @Nullable Mono<T> join() {
    if (abandoned) {
      return null;
    }
    waiting++;
    return Mono.defer(
        () -> {
          begin();
          return outcome.asMono().doOnCancel(this::leave);
        });
  }

  private void begin() {
    if (begun.compareAndSet(false, true)) {
      running.update(work.subscribe(this::succeed, this::fail));
    }
  }

  private void succeed(T value) {
    if (end()) {
      outcome.tryEmitValue(value);
    }
  }

  /** Gives the work up, unless it is done: all who wait get this failure. */
  void fail(Throwable failure) {
    if (end()) {
      outcome.tryEmitError(failure);
      running.dispose();
    }
  }

  private synchronized boolean end() {
    boolean first = !over;
    over = true;
    return first;
  }

  private void leave() {
    synchronized (this) {
      waiting--;
      if (waiting > 0 || over) {
        return;
      }
      over = true;
      abandoned = true;
    }
    running.dispose();
  }
}
