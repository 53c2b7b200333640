package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/**
 * The one client of a launch key, shared by everyone who uses it. It connects at the first use, all
 * who wait share that one start, and after a break the next call makes one new connection for all.
 * A start that nobody waits for any more is given up.
 */
final class Client {
  private final McpSettings settings;
  private final Scheduler time;
  private final Opener opener;
  private final Gate gate;
  private final Breaker breaker;
  private final Consumer<ToolException> troubles;
  private final Pulse pulse;
  private @Nullable Joint<Connection> starting;
  private @Nullable Connection live;
  private @Nullable Joint<List<JsonNode>> tools;
  private @Nullable Disposable idle;
  private int busy;
  private int calls;
  private boolean closed;

  /** Counts connections, so that news of an old one never harms its successor. */
  private long generation;

  /** Opens a connection within a start-up time-out. */
  interface Opener {
    Mono<Connection> open(Duration startupTimeout);
  }

  /**
   * A client that is not yet connected.
   *
   * @param troubles is told when the server did not come up, or left a call without an answer; not
   *     of those that are refused because of that
   */
  Client(McpSettings settings, Scheduler time, Opener opener, Consumer<ToolException> troubles) {
    this.settings = settings;
    this.time = time;
    this.opener = opener;
    this.gate = new Gate(settings.maxCallsPerServer());
    this.breaker = new Breaker(settings.firstBackoff(), settings.longestBackoff(), time);
    this.troubles = troubles;
    this.pulse = new Pulse(settings, time, this::isCalled);
  }

  /** Which call to make, and for how long to wait for what. */
  record Request(
      String tool,
      JsonNode arguments,
      String key,
      CallTime time,
      Duration startupTimeout,
      Consumer<String> progress) {}

  /** The raw result of a call. */
  Mono<JsonNode> call(Request request) {
    return gate.pass(
        busy(connected(request.startupTimeout(), open -> counted(called(open, request)))));
  }

  private Mono<JsonNode> called(Connection open, Request request) {
    return open.call(
            request.tool(), request.arguments(), request.key(), request.time(), request.progress())
        .doOnError(ToolException.class, this::leftWithoutAnswer);
  }

  private void leftWithoutAnswer(ToolException failure) {
    switch (failure.error().kind()) {
      case UNAVAILABLE, TIMEOUT -> troubles.accept(failure);
      default -> {}
    }
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
            Mono<List<JsonNode>> joined = tools == null ? null : tools.join();
            if (joined == null) {
              tools = new Joint<>(busy(list(startupTimeout)));
              joined = Objects.requireNonNull(tools.join());
            }
            return joined;
          }
        });
  }

  private Mono<List<JsonNode>> list(Duration startupTimeout) {
    return unlessResting(
            () ->
                connected(startupTimeout, open -> open.tools(startupTimeout))
                    .doOnNext(all -> breaker.succeeded())
                    .doOnError(ToolException.class, this::didNotComeUp))
        .doOnError(e -> forgetTools());
  }

  private void didNotComeUp(ToolException failure) {
    if (breaker.failed(failure)) {
      troubles.accept(failure);
    }
  }

  private <T> Mono<T> unlessResting(Supplier<Mono<T>> work) {
    return Mono.defer(() -> breaker.refusal().<Mono<T>>map(Mono::error).orElseGet(work));
  }

  /** What the server says of itself when it is greeted. */
  Mono<JsonNode> welcome(Duration startupTimeout) {
    return busy(connected(startupTimeout, open -> Mono.just(open.welcome())));
  }

  private Mono<Connection> connection(Duration startupTimeout) {
    return Mono.defer(
        () -> {
          synchronized (this) {
            if (closed) {
              return Mono.error(shut());
            }
            Connection open = live;
            if (open != null && open.isOpen()) {
              return Mono.just(open);
            }
            if (open != null) {
              disconnected(generation);
            }
            Mono<Connection> joined = starting == null ? null : starting.join();
            if (joined == null) {
              starting = new Joint<>(start(startupTimeout, ++generation));
              joined = Objects.requireNonNull(starting.join());
            }
            return joined;
          }
        });
  }

  private static ToolException shut() {
    return Failures.unavailable("the server is closed");
  }

  private Mono<Connection> start(Duration startupTimeout, long mine) {
    return unlessResting(
            () ->
                opener
                    .open(startupTimeout)
                    .doOnNext(open -> opened(open, mine))
                    .doOnError(ToolException.class, this::didNotComeUp))
        .doOnError(e -> disconnected(mine));
  }

  private void opened(Connection open, long mine) {
    synchronized (this) {
      if (closed || mine != generation) {
        open.close().subscribe();
        return;
      }
      live = open;
      rest();
    }
    open.onToolsChanged(this::forgetTools);
    open.onDoubt(gate::narrow);
    open.whenClosed(() -> disconnected(mine));
    pulse.watch(open);
  }

  /** Forgets a connection, unless a newer one has taken its place. */
  private synchronized void disconnected(long which) {
    if (which == generation) {
      generation++;
      live = null;
      starting = null;
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
    rest();
  }

  /** From the moment that nobody uses it a connection has its time of rest. */
  private synchronized void rest() {
    if (busy > 0 || closed) {
      return;
    }
    if (idle != null) {
      idle.dispose();
    }
    idle = Mono.delay(settings.idleTimeout(), time).subscribe(tick -> closeIfIdle());
  }

  private synchronized boolean isCalled() {
    return calls > 0;
  }

  private Mono<JsonNode> counted(Mono<JsonNode> call) {
    return Mono.defer(
        () -> {
          count(1);
          return call.doFinally(end -> count(-1));
        });
  }

  private synchronized void count(int more) {
    calls += more;
  }

  /** Whether anybody uses it now. */
  synchronized boolean isBusy() {
    return busy > 0;
  }

  /**
   * How long nothing should be tried again, as the server did not come up, where every call would
   * be refused, or asks to be left alone; zero: at once.
   */
  Duration resting() {
    Connection open;
    synchronized (this) {
      open = live;
    }
    Duration asked = open == null ? Duration.ZERO : open.resting();
    Duration rest = breaker.rest();
    return rest.compareTo(asked) < 0 ? asked : rest;
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

  /** Ends the connection for good, also one that is about to be made. */
  Mono<Void> close() {
    return Mono.defer(
        () -> {
          Connection open;
          Joint<Connection> begun;
          synchronized (this) {
            closed = true;
            if (idle != null) {
              idle.dispose();
            }
            begun = starting;
            open = take();
          }
          if (begun != null) {
            begun.fail(shut());
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
