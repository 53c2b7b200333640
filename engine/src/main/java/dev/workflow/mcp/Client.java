package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Elicitor;
import dev.workflow.engine.Tools.ToolException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * The one client of a launch key, shared by everyone who uses it. It connects at the first use, all
 * who wait share that one start, and after a break the next call makes one new connection for all.
 */
final class Client {
  private final McpSettings settings;
  private final Function<Duration, Mono<Connection>> opener;
  private final Gate gate;
  private @Nullable Mono<Connection> connection;
  private @Nullable Connection live;
  private @Nullable Mono<List<JsonNode>> tools;
  private @Nullable Disposable idle;
  private int busy;
  private boolean closed;

  /** Counts connections, so that news of an old one never harms its successor. */
  private long generation;

  /**
   * A client that is not yet connected.
   *
   * @param opener opens a connection within a start-up time-out
   */
  Client(McpSettings settings, Function<Duration, Mono<Connection>> opener) {
    this.settings = settings;
    this.opener = opener;
    this.gate = new Gate(settings.maxCallsPerServer());
  }

  /** Which call to make, and for how long to wait for what. */
  record Request(
      String tool,
      JsonNode arguments,
      String key,
      CallTime time,
      Duration startupTimeout,
      Consumer<String> progress,
      Elicitor elicitor) {}

  /** The raw result of a call. */
  Mono<JsonNode> call(Request request) {
    return gate.pass(
        busy(
            connected(
                request.startupTimeout(),
                open ->
                    open.call(
                        request.tool(),
                        request.arguments(),
                        request.key(),
                        request.time(),
                        request.progress(),
                        request.elicitor()))));
  }

  /** Work that met a broken connection before anything was sent is done on a new one, once. */
  private <T> Mono<T> connected(Duration startupTimeout, Function<Connection, Mono<T>> work) {
    Mono<T> attempt =
        connection(startupTimeout)
            .flatMap(
                open ->
                    work.apply(open)
                        .onErrorMap(ToolException.class, failed -> stale(open, failed)));
    return attempt
        .onErrorResume(Unsent.class, unsent -> attempt)
        .onErrorMap(Unsent.class, Unsent::reason);
  }

  private static RuntimeException stale(Connection open, ToolException e) {
    boolean unsent = !e.possiblyExecuted() && e.error().kind() == ErrorKind.UNAVAILABLE;
    return unsent && !open.isOpen() ? new Unsent(e) : e;
  }

  /** The tools as the server describes them, asked once for each connection and change. */
  Mono<List<JsonNode>> tools(Duration startupTimeout) {
    return Mono.defer(
        () -> {
          synchronized (this) {
            if (tools == null) {
              tools = once(busy(list(startupTimeout)), this::forgetTools);
            }
            return tools;
          }
        });
  }

  /** What the server says of itself when it is greeted. */
  Mono<JsonNode> welcome(Duration startupTimeout) {
    return busy(connected(startupTimeout, open -> Mono.just(open.welcome())));
  }

  private Mono<List<JsonNode>> list(Duration startupTimeout) {
    return connected(startupTimeout, open -> open.tools(startupTimeout));
  }

  private Mono<Connection> connection(Duration startupTimeout) {
    return Mono.defer(
        () -> {
          synchronized (this) {
            if (closed) {
              return Mono.error(Failures.unavailable("the server is closed"));
            }
            if (live != null && !live.isOpen()) {
              disconnected(generation);
            }
            if (connection == null) {
              long mine = ++generation;
              connection =
                  once(
                      opener.apply(startupTimeout).doOnNext(open -> opened(open, mine)),
                      () -> disconnected(mine));
            }
            return connection;
          }
        });
  }

  /** Runs once for all subscribers and is forgotten when it fails, so that the next one tries. */
  private static <T> Mono<T> once(Mono<T> work, Runnable failed) {
    return work.doOnError(e -> failed.run()).cache();
  }

  private void opened(Connection open, long mine) {
    synchronized (this) {
      if (closed || mine != generation) {
        open.close().subscribe();
        return;
      }
      live = open;
    }
    open.onToolsChanged(this::forgetTools);
    open.onDoubt(gate::narrow);
    open.whenClosed(() -> disconnected(mine));
  }

  /** Forgets a connection, unless a newer one has taken its place. */
  private synchronized void disconnected(long which) {
    if (which == generation) {
      generation++;
      live = null;
      connection = null;
      tools = null;
    }
  }

  private synchronized void forgetTools() {
    tools = null;
  }

  private <T> Mono<T> busy(Mono<T> work) {
    return Mono.defer(
        () -> {
          synchronized (this) {
            busy++;
          }
          return work.doFinally(end -> rested());
        });
  }

  private synchronized void rested() {
    busy--;
    if (busy > 0 || closed) {
      return;
    }
    if (idle != null) {
      idle.dispose();
    }
    idle = Mono.delay(settings.idleTimeout()).subscribe(tick -> closeIfIdle());
  }

  /** Busy and taken are decided in one step: nobody is given a connection that is about to end. */
  private void closeIfIdle() {
    Connection open;
    synchronized (this) {
      open = busy == 0 ? take() : null;
    }
    if (open != null) {
      open.close().subscribe();
    }
  }

  private @Nullable Connection take() {
    Connection open = live;
    disconnected(generation);
    return open;
  }

  /** Ends the connection for good. */
  Mono<Void> close() {
    return Mono.defer(
        () -> {
          Connection open;
          synchronized (this) {
            closed = true;
            if (idle != null) {
              idle.dispose();
            }
            open = take();
          }
          return open == null ? Mono.empty() : open.close();
        });
  }

  /** A call that never left because the connection had broken. */
  private static final class Unsent extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ToolException reason;

    Unsent(ToolException reason) {
      super(reason);
      this.reason = reason;
    }

    ToolException reason() {
      return reason;
    }
  }
}
