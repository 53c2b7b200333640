package dev.workflow.mcp;

import dev.workflow.engine.Masking;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * All MCP servers of this process. Runs whose entries have the same launch share one client; its
 * users are counted, and it ends some time after the last of them has let go of it.
 */
public final class McpHost implements AutoCloseable {
  private static final Duration CLOSING = Duration.ofMillis(4_800);

  private final Path home;
  private final Map<String, String> environment;
  private final McpSettings settings;
  private final Trust trust;
  private final CatalogueCache catalogues;
  private final ServerHealth health;
  private final Supervisor supervisor;
  private final Logins logins;
  private final Scheduler time = Schedulers.parallel();
  private final Map<String, Shared> clients = new HashMap<>();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();
  private final Masking masking = new Masking(() -> secrets);

  /** Launch keys of servers that turned out to speak the older HTTP transport only. */
  private final Set<String> older = ConcurrentHashMap.newKeySet();

  private static final class Shared {
    private final Lease lease;
    private final Disposable.Swap ending = Disposables.swap();
    private int users;

    private Shared(Lease lease) {
      this.lease = lease;
    }
  }

  /**
   * A client that is shared.
   *
   * @param openedAs the alias that took it first: by it the client names its server in failures
   */
  record Lease(String openedAs, Client client) {}

  /**
   * A host that has started nothing.
   *
   * @param home {@code $WORKFLOW_HOME}, for the registry of children, approvals and catalogues
   * @param environment ours: looked up by {@code ${VAR}}, and in part passed on to children
   */
  public McpHost(Path home, Map<String, String> environment, McpSettings settings) {
    this.home = home;
    this.environment = Map.copyOf(environment);
    this.settings = settings;
    this.trust = new Trust(home, environment);
    this.catalogues = new CatalogueCache(home);
    this.logins = new Logins(home, environment);
    this.health = new ServerHealth(home);
    this.supervisor =
        new Supervisor(new ChildRegistry(home), environment, ProcessTree.Patience.DEFAULT);
  }

  /**
   * The tools of one run.
   *
   * @param approvedForRun keys of {@link Trust.Question} that were approved for this run alone
   * @param pinned whether a definition of {@code server/tool}, by its digest, may be called though
   *     the run was checked with another
   */
  public McpTools tools(
      ServerList servers, Set<String> approvedForRun, BiPredicate<String, String> pinned) {
    return new McpTools(this, servers, approvedForRun, pinned);
  }

  Path home() {
    return home;
  }

  Map<String, String> environment() {
    return environment;
  }

  McpSettings settings() {
    return settings;
  }

  Trust trust() {
    return trust;
  }

  /** Who is logged in at which server. */
  public Logins logins() {
    return logins;
  }

  ServerHealth health() {
    return health;
  }

  CatalogueCache catalogues() {
    return catalogues;
  }

  /** Counts one more user of a launch. */
  synchronized Lease retain(String server, Startable startable) {
    Shared shared =
        clients.computeIfAbsent(
            startable.key(), key -> new Shared(new Lease(server, client(server, startable))));
    shared.users++;
    return shared.lease;
  }

  /** How many launches are in use or have been a moment ago. */
  synchronized int size() {
    return clients.size();
  }

  private Client client(String server, Startable startable) {
    return new Client(
        settings,
        time,
        timeout -> open(server, startable, timeout),
        trouble -> health.failed(startable.key(), server, masking, trouble.error()));
  }

  /**
   * Counts one user less. The client of the last one ends after its time of rest, so that whoever
   * needs it soon finds it running; calls that are under way end first.
   */
  synchronized void release(String launchKey) {
    Shared shared = clients.get(launchKey);
    if (shared != null && --shared.users == 0) {
      endLater(launchKey, shared);
    }
  }

  private void endLater(String launchKey, Shared shared) {
    shared.ending.update(
        Mono.delay(settings.idleTimeout(), time).subscribe(tick -> end(launchKey, shared)));
  }

  private void end(String launchKey, Shared shared) {
    synchronized (this) {
      if (shared.users > 0) {
        return;
      }
      if (shared.lease.client().isBusy()) {
        endLater(launchKey, shared);
        return;
      }
      clients.remove(launchKey, shared);
    }
    shared.lease.client().close().subscribe();
  }

  /** Cancelled, it ends what it has started; nothing is interrupted half way. */
  private Mono<Connection> open(String server, Startable startable, Duration startupTimeout) {
    return Mono.defer(
        () -> {
          long start = System.nanoTime();
          CompletableFuture<Wire> made =
              CompletableFuture.supplyAsync(
                  () -> wire(server, startable.launch()), Schedulers.boundedElastic()::schedule);
          return Mono.fromFuture(made, true)
              .flatMap(wire -> Connection.open(server, wire, startable.permitted(), startupTimeout))
              .doOnNext(open -> health.started(startable.key(), server, since(start)))
              .doOnCancel(() -> closeWhenMade(made));
        });
  }

  private static void closeWhenMade(CompletableFuture<Wire> made) {
    var unused = made.thenAccept(wire -> wire.closeGracefully().subscribe());
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Wire wire(String server, Launch launch) {
    return switch (launch) {
      case Launch.Stdio stdio ->
          new StdioTransport(supervisor.start(server, stdio), settings.maxMessageBytes());
      case Launch.Http http -> wire(server, http);
    };
  }

  private Wire wire(String server, Launch.Http http) {
    String key = http.key();
    return new HttpWire(
        server,
        older.contains(key) ? http.older() : http,
        logins.access(server, http),
        () -> older.add(key),
        settings.maxMessageBytes());
  }

  void learn(Set<String> more) {
    secrets.addAll(more);
  }

  /** All that any server was started with, or would be, and that must not be written anywhere. */
  public Set<String> secrets() {
    Set<String> all = new HashSet<>(secrets);
    all.addAll(logins.secrets());
    return all;
  }

  void keep(String launchKey, List<JsonNode> tools) {
    catalogues.keep(launchKey, tools);
  }

  /** Ends all servers at the same time; returns within five seconds. */
  @Override
  public void close() {
    List<Client> all;
    synchronized (this) {
      all = clients.values().stream().map(shared -> shared.lease.client()).toList();
      clients.clear();
    }
    health.end();
    if (!all.isEmpty()) {
      Flux.fromIterable(all)
          .flatMap(Client::close, Integer.MAX_VALUE)
          .then()
          .timeout(CLOSING)
          .onErrorComplete()
          .block();
    }
    supervisor.close();
  }
}
