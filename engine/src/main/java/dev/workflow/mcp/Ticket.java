package dev.workflow.mcp;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request. It travels in the subscriber context, so that the transport can write
 * down the id that the session drew and whether a byte of the request left this process.
 */
final class Ticket {
  private enum Fate {
    WAITING,
    SENT,
    WITHDRAWN
  }

  private final String what;
  private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.WAITING);
  private volatile @Nullable Object id;

  /** A request that messages call {@code what}, such as {@code tools/call add}. */
  Ticket(String what) {
    this.what = what;
  }

  String what() {
    return what;
  }

  @Nullable Object id() {
    return id;
  }

  void id(Object drawn) {
    id = drawn;
  }

  /** Asked right before the first byte goes out; false when the request was withdrawn. */
  boolean send() {
    return fate.compareAndSet(Fate.WAITING, Fate.SENT);
  }

  /** Whether the request could be taken back before any of it went out. */
  boolean withdraw() {
    return fate.compareAndSet(Fate.WAITING, Fate.WITHDRAWN);
  }

  boolean sent() {
    return fate.get() == Fate.SENT;
  }
}
