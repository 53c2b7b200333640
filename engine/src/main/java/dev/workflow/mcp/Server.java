package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** An alias in use: its entry, its client, and the catalogue made of the last raw list. */
final class Server {
  final ServerEntry entry;
  final String launchKey;
  private final McpHost.Lease lease;
  private volatile long asOf;
  volatile @Nullable List<JsonNode> described;
  volatile @Nullable Catalogue catalogue;

  /**
   * A server that is used by its entry as of a change.
   *
   * @param asOf number of that change
   */
  Server(ServerEntry entry, long asOf, String launchKey, McpHost.Lease lease) {
    this.entry = entry;
    this.asOf = asOf;
    this.launchKey = launchKey;
    this.lease = lease;
  }

  /** Whether its entry is still that of these, or of later ones. */
  boolean isOf(CurrentEntries.Snapshot entries) {
    if (asOf >= entries.number()) {
      return true;
    }
    boolean same = entry.equals(entries.entries().get(entry.alias()));
    if (same) {
      asOf = entries.number();
    }
    return same;
  }

  /** Failures name the alias that this run uses, not the one that started the shared client. */
  <T> Mono<T> ask(Function<Client, Mono<T>> question) {
    return question.apply(lease.client()).onErrorMap(ToolException.class, this::told);
  }

  private ToolException told(ToolException failure) {
    ToolException e = Failures.renamed(failure, lease.openedAs(), entry.alias());
    return e.error().kind() == ErrorKind.LOGIN_NEEDED
        ? Failures.withDetail(e, "log in, in a terminal: " + ServerCommand.line("login", entry))
        : e;
  }

  Duration resting() {
    return lease.client().resting();
  }
}
