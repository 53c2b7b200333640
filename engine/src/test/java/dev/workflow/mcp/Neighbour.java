package dev.workflow.mcp;

import dev.workflow.engine.Tools;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** A harmless server that is called all the time, one call after the other. */
final class Neighbour implements AutoCloseable {
  private static final long PAUSE_NANOS = Duration.ofMillis(5).toNanos();

  private final McpTools tools;
  private final Queue<Answered> answered = new ConcurrentLinkedQueue<>();
  private final Thread caller;
  private volatile boolean closing;

  private record Answered(long start, long end) {}

  /**
   * What the neighbour's callers saw during a visit.
   *
   * @param answered calls that were begun and answered meanwhile
   * @param slowestMillis the longest that a call took which was under way meanwhile
   */
  record Meanwhile(int answered, long slowestMillis) {}

  Neighbour(McpTools tools) {
    this.tools = tools;
    call();
    this.caller = Thread.ofPlatform().daemon().name("neighbour").start(this::callOn);
  }

  private void callOn() {
    while (!closing) {
      call();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void call() {
    long start = System.nanoTime();
    Fakes.get(
        tools.call(
            new Tools.Call(
                "", "neighbour", "echo", Fakes.text("hi"), "k", "", null, ignored -> {})));
    answered.add(new Answered(start, System.nanoTime()));
  }

  /** Since when; waits for an answer to a call that was begun after that. */
  Meanwhile since(long begin) {
    List<Answered> during = List.of();
    while (during.isEmpty() && caller.isAlive()) {
      during = answered.stream().filter(call -> call.start() - begin >= 0).toList();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    long slowest =
        answered.stream()
            .filter(call -> call.end() - begin >= 0)
            .mapToLong(call -> call.end() - call.start())
            .max()
            .orElse(0);
    return new Meanwhile(during.size(), Duration.ofNanos(slowest).toMillis());
  }

  @Override
  public void close() {
    closing = true;
    try {
      caller.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tools.close();
  }
}
