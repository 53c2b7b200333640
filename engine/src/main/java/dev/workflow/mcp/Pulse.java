package dev.workflow.mcp;

import java.util.function.BooleanSupplier;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Asks servers that have been silent whether they are still there. Many do one thing at a time and
 * answer nothing meanwhile: while calls are under way silence counts only against a server that has
 * answered in the midst of calls before.
 */
final class Pulse {
  private final McpSettings settings;
  private final Scheduler time;
  private final BooleanSupplier calls;
  private volatile boolean answersMeanwhile;

  /**
   * The pulse of one server.
   *
   * @param calls whether calls are under way at it
   */
  Pulse(McpSettings settings, Scheduler time, BooleanSupplier calls) {
    this.settings = settings;
    this.time = time;
    this.calls = calls;
  }

  /** Watches a connection as long as it is open. */
  void watch(Connection connection) {
    Disposable watching = Mono.defer(() -> beat(connection)).repeat().subscribe();
    connection.whenClosed(watching::dispose);
  }

  private Mono<Void> beat(Connection connection) {
    long heard = connection.heard();
    return Mono.delay(settings.pingAfter(), time)
        .then(Mono.defer(() -> connection.heard() == heard ? ask(connection) : Mono.empty()));
  }

  private Mono<Void> ask(Connection connection) {
    boolean amidst = calls.getAsBoolean();
    return connection
        .ping(settings.pingTimeout(), time)
        .doOnNext(
            answered -> {
              if (answered) {
                answersMeanwhile |= amidst;
              } else if (!amidst || answersMeanwhile) {
                connection.giveUp(
                    "answered no ping within " + CallTime.words(settings.pingTimeout()));
              }
            })
        .then();
  }
}
