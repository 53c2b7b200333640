package dev.workflow.mcp;

import dev.workflow.mcp.HttpSession.Watch;
import dev.workflow.mcp.remote.Exchange;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A request under way over HTTP, from its sending until it is answered or given up. */
final class HttpCall {
  private final Object id;
  private final Ticket ticket;
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private volatile boolean taken;

  HttpCall(Object id, Ticket ticket) {
    this.id = id;
    this.ticket = ticket;
  }

  Object id() {
    return id;
  }

  Ticket ticket() {
    return ticket;
  }

  /** Nothing of it is sent once it was withdrawn, and it is cut off when it ends. */
  Watch watch() {
    return new Watch(this::mayBeSent, this::endWith);
  }

  private void mayBeSent() {
    if (!ticket.send() && !ticket.sent()) {
      throw new CancellationException("it was withdrawn");
    }
  }

  private void endWith(Exchange exchange) {
    var unused = ended.thenRun(exchange::abort);
  }

  /** Says that the server has taken it: what fails from now on leaves it in doubt. */
  void taken() {
    taken = true;
  }

  boolean isTaken() {
    return taken;
  }

  boolean isOver() {
    return ended.isDone();
  }

  void end() {
    ended.complete(null);
  }

  /** Waits; less long when it ends meanwhile. */
  void pause(Duration time) {
    pause(ended, time);
  }

  static void pause(CompletableFuture<?> ended, Duration time) {
    try {
      ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // that was the time
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it only ends well
    }
  }
}
