package dev.workflow.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * What a server wants in one call, one thing at a time: the next when the one before is answered.
 *
 * @param <W> what it wants
 * @param <A> what it is told
 */
final class InTurn<W, A> {
  private final ObjIntConsumer<W> begin;
  private final Deque<Open<W, A>> open = new ArrayDeque<>();
  private int number;

  private record Open<W, A>(W wanted, MonoSink<A> sink) {}

  /**
   * Nothing is wanted yet.
   *
   * @param begin is told what comes next, and its number in the call, counted from 1
   */
  InTurn(ObjIntConsumer<W> begin) {
    this.begin = begin;
  }

  /** The answer, when its turn has come. */
  Mono<A> add(W wanted) {
    return Mono.create(sink -> add(wanted, sink));
  }

  private synchronized void add(W wanted, MonoSink<A> sink) {
    open.add(new Open<>(wanted, sink));
    if (open.size() == 1) {
      begin.accept(wanted, ++number);
    }
  }

  /** The server is told outside the lock: it may want the next at once. */
  void answer(int answered, A answer) {
    MonoSink<A> sink = take(answered);
    if (sink != null) {
      sink.success(answer);
    }
  }

  /** There is no answer. */
  void refuse(int refused, Throwable why) {
    MonoSink<A> sink = take(refused);
    if (sink != null) {
      sink.error(why);
    }
  }

  private synchronized @Nullable MonoSink<A> take(int answered) {
    Open<W, A> first = answered == number ? open.poll() : null;
    if (first != null && !open.isEmpty()) {
      begin.accept(open.element().wanted(), ++number);
    }
    return first == null ? null : first.sink();
  }
}
