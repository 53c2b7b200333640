package dev.workflow.mcp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Lets a number of calls pass at a time; the others wait their turn without holding a thread. */
final class Gate {
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private int width;
  private int free;

  Gate(int width) {
    this.width = width;
    this.free = width;
  }

  /** From now on one at a time; what is under way goes on. */
  synchronized void narrow() {
    free -= width - 1;
    width = 1;
  }

  /** The same work, begun when it is its turn. One that is cancelled before never begins. */
  <T> Mono<T> pass(Mono<T> work) {
    return Mono.create(sink -> enter(work, sink));
  }

  private <T> void enter(Mono<T> work, MonoSink<T> sink) {
    AtomicBoolean begun = new AtomicBoolean();
    Disposable.Swap running = Disposables.swap();
    Runnable turn =
        () -> {
          if (begun.compareAndSet(false, true)) {
            running.replace(
                work.doFinally(end -> leave())
                    .contextWrite(sink.contextView())
                    .subscribe(sink::success, sink::error, sink::success));
          } else {
            leave();
          }
        };
    sink.onDispose(
        () -> {
          if (begun.compareAndSet(false, true)) {
            withdraw(turn);
          } else {
            running.dispose();
          }
        });
    if (admit(turn)) {
      turn.run();
    }
  }

  private synchronized boolean admit(Runnable turn) {
    if (free > 0) {
      free--;
      return true;
    }
    waiting.addLast(turn);
    return false;
  }

  private synchronized void withdraw(Runnable turn) {
    waiting.remove(turn);
  }

  private void leave() {
    Runnable next;
    synchronized (this) {
      next = free < 0 ? null : waiting.pollFirst();
      if (next == null) {
        free++;
        return;
      }
    }
    next.run();
  }
}
