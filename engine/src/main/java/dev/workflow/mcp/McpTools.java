package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Label;
import dev.workflow.definition.Nearest;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Elicitor;
import dev.workflow.engine.Masking;
import dev.workflow.engine.Sampler;
import dev.workflow.engine.Sampler.Sampling;
import dev.workflow.engine.ServerMethods;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.mcp.Catalogue.Claims;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The MCP servers of one run, behind the port of the engine. Nothing starts before it is used, and
 * nothing that a server says leaves here with a secret in it.
 */
public final class McpTools implements Tools {
  /**
   * A run goes on on the thread that brings it an answer: never on the one that reads what a server
   * says, on which the answers to its other calls wait, and those of other runs.
   */
  private static final Scheduler WORK = Schedulers.boundedElastic();

  private final McpHost host;
  private final CurrentEntries entries;
  private final Scope scope;
  private final Set<String> approvedForRun;
  private final BiPredicate<String, String> pinned;
  private final Masking masking = new Masking(this::secrets);
  private volatile Set<String> secrets;
  private volatile boolean follows;
  private volatile Consumer<String> news = text -> {};

  /**
   * The servers of one run.
   *
   * @param pinned whether somebody has looked at another definition of {@code server/tool} since
   *     the run was checked, and pinned that: its digest
   */
  McpTools(
      McpHost host,
      ServerList list,
      Set<String> approvedForRun,
      BiPredicate<String, String> pinned) {
    this.host = host;
    this.pinned = pinned;
    Map<String, ServerEntry> began = list.entries();
    this.entries = new CurrentEntries(host.home(), began.values(), text -> news.accept(text));
    this.approvedForRun = Set.copyOf(approvedForRun);
    this.scope = new Scope(host, began, this.approvedForRun, this::learn);
    Set<String> written = new LinkedHashSet<>();
    for (ServerEntry entry : began.values()) {
      written.addAll(WrittenSecrets.of(entry.written()));
    }
    this.secrets = Set.copyOf(written);
    host.learn(secrets);
  }

  /**
   * From now on an entry counts as its file has it at the moment of a call. Calls that are under
   * way end with the server that they began with.
   */
  public void followFiles() {
    follows = true;
  }

  @Override
  public void listen(Consumer<String> listener) {
    news = listener;
  }

  private <T> Mono<T> ask(Server server, Function<Client, Mono<T>> question) {
    return server.ask(question).onErrorMap(ToolException.class, this::masked);
  }

  private ToolException masked(ToolException e) {
    return Failures.of(
        e.error().kind(),
        masking.text(e.error().message()),
        e.error().details().stream().map(masking::text).toList(),
        e.possiblyExecuted());
  }

  private List<JsonNode> masked(List<JsonNode> described) {
    return described.stream().map(masking::value).toList();
  }

  @Override
  public Set<String> servers() {
    Set<String> names = new LinkedHashSet<>();
    entries.last().entries().values().stream()
        .filter(ServerEntry::enabled)
        .forEach(entry -> names.add(entry.alias()));
    return names;
  }

  @Override
  public Optional<List<ToolSpec>> known(String server) {
    ServerEntry entry = entry(server);
    if (entry == null || !entry.enabled()) {
      return Optional.empty();
    }
    Server used = scope.find(server);
    Catalogue catalogue = used == null ? null : used.catalogue;
    if (catalogue != null) {
      return Optional.of(catalogue.all());
    }
    if (!Startable.mistakes(entry, host.environment()).isEmpty()) {
      return Optional.empty();
    }
    String launchKey = Startable.of(entry, host.environment()).key();
    return host.catalogues()
        .find(launchKey)
        .map(described -> Catalogue.of(entry, described, claims(entry)).all());
  }

  @Override
  public Map<String, Set<Label>> labels(String server) {
    ServerEntry entry = entry(server);
    return entry == null ? Map.of() : entry.labels();
  }

  @Override
  public Optional<String> sampling(String server) {
    ServerEntry entry = entry(server);
    SamplingEntry sampling = entry == null ? null : entry.sampling();
    return Optional.ofNullable(sampling).map(it -> Objects.requireNonNullElse(it.model(), ""));
  }

  @Override
  public Duration resting(String server) {
    Server used = scope.find(server);
    return used == null ? Duration.ZERO : used.resting();
  }

  @Override
  public Mono<List<ToolSpec>> list(String server) {
    return Mono.defer(() -> catalogue(server(server))).map(Catalogue::all);
  }

  /**
   * What a server says when it is looked at.
   *
   * @param welcome its answer to the greeting: {@code protocolVersion}, {@code serverInfo}, {@code
   *     capabilities}
   * @param described its tools as it describes them, also those that its entry does not offer
   * @param offered its tools as a run sees them
   * @param greeting from the start until it had answered the greeting
   * @param listing until it had listed its tools
   */
  public record Look(
      JsonNode welcome,
      List<JsonNode> described,
      List<ToolSpec> offered,
      Duration greeting,
      Duration listing) {
    public Look {
      described = List.copyOf(described);
      offered = List.copyOf(offered);
    }
  }

  /** How a server was seen last, by any process of this home; starts nothing. */
  public LastSeen lastSeen(String alias) {
    ServerEntry entry = entry(alias);
    return entry == null || !Startable.mistakes(entry, host.environment()).isEmpty()
        ? LastSeen.NEVER
        : host.health().of(Startable.of(entry, host.environment()).key());
  }

  /** Starts a server, unless it runs already, greets it and lists its tools. */
  public Mono<Look> look(String alias) {
    return Mono.defer(
        () -> {
          Server server = server(alias);
          Duration patience = startupTimeout(server.entry);
          return ask(server, client -> client.welcome(patience))
              .elapsed()
              .flatMap(
                  welcome ->
                      ask(server, client -> client.tools(patience))
                          .elapsed()
                          .publishOn(WORK)
                          .map(
                              described ->
                                  new Look(
                                      masking.value(welcome.getT2()),
                                      masked(described.getT2()),
                                      catalogue(server, described.getT2()).all(),
                                      Duration.ofMillis(welcome.getT1()),
                                      Duration.ofMillis(described.getT1()))));
        });
  }

  @Override
  public Mono<Answer> call(Call call) {
    return Mono.defer(
        () -> {
          Server server = server(call.server());
          Attendants attendants = attendants(call, server.entry.sampling());
          return catalogue(server)
              .doOnNext(catalogue -> check(call, catalogue))
              .flatMap(catalogue -> ask(server, client -> client.call(request(server.entry, call))))
              .publishOn(WORK)
              .map(result -> Answers.of(call.server(), call.tool(), masking.value(result)))
              .contextWrite(
                  context ->
                      context
                          .put(Connection.TRACE_META, call.traceparent())
                          .put(Attendants.class, attendants));
        });
  }

  private Attendants attendants(Call call, @Nullable SamplingEntry sampling) {
    Elicitor elicitor = masked(call.elicitor());
    return sampling == null
        ? new Attendants(elicitor, Sampler.NONE, 0)
        : new Attendants(elicitor, masked(call.sampler(), sampling), sampling.maxRequests());
  }

  private Sampler masked(Sampler sampler, SamplingEntry entry) {
    return wanted -> {
      ObjectNode request = (ObjectNode) masking.value(wanted.request()).deepCopy();
      int most = Math.min(request.path("max_tokens").asInt(1), entry.maxTokens());
      return sampler.sample(new Sampling(entry.model(), request.put("max_tokens", most)));
    };
  }

  private Elicitor masked(Elicitor elicitor) {
    return wanted ->
        elicitor.elicit(
            new Elicitor.Elicitation(masking.text(wanted.message()), masking.value(wanted.form())));
  }

  private Client.Request request(ServerEntry entry, Call call) {
    Duration timeout = Objects.requireNonNullElse(entry.timeout(), host.settings().callTimeout());
    return new Client.Request(
        call.tool(),
        call.arguments(),
        call.key(),
        call.timeout() == null ? CallTime.extended(timeout) : CallTime.exactly(call.timeout()),
        startupTimeout(entry),
        text -> call.progress().accept(masking.text(text)));
  }

  private Duration startupTimeout(ServerEntry entry) {
    return Objects.requireNonNullElse(entry.startupTimeout(), host.settings().startupTimeout());
  }

  private void check(Call call, Catalogue catalogue) {
    String name = call.server() + "/" + call.tool();
    ToolSpec spec =
        ServerMethods.of(call.server(), call.tool())
            .orElseGet(() -> catalogue.byName().get(call.tool()));
    if (spec == null) {
      throw Failures.of(
          ErrorKind.INVALID_ARGUMENTS,
          "server '" + call.server() + "' offers no tool '" + call.tool() + "'",
          List.of(Nearest.hint(call.tool(), catalogue.byName().keySet())),
          false);
    }
    boolean changed = !call.digest().isEmpty() && !call.digest().equals(spec.digest());
    if (changed && !pinned.test(name, spec.digest())) {
      throw Failures.of(
          ErrorKind.TOOL_CHANGED,
          "the definition of tool " + name + " changed since this run was checked; not called",
          List.of("checked against " + call.digest(), "the server now says " + spec.digest()),
          false);
    }
  }

  private @Nullable ServerEntry entry(String alias) {
    return entries.last().entries().get(alias);
  }

  private Server server(String alias) {
    return scope.server(alias, follows ? entries.now() : entries.last());
  }

  private Mono<Catalogue> catalogue(Server server) {
    return ask(server, client -> client.tools(startupTimeout(server.entry)))
        .flatMap(
            described -> {
              Catalogue made = server.catalogue;
              return made != null && isSame(server.described, described)
                  ? Mono.just(made)
                  : Mono.fromCallable(() -> catalogue(server, described)).subscribeOn(WORK);
            });
  }

  private Catalogue catalogue(Server server, List<JsonNode> described) {
    Catalogue made = server.catalogue;
    if (made != null && isSame(server.described, described)) {
      return made;
    }
    List<JsonNode> told = masked(described);
    host.keep(server.launchKey, told);
    if (Trust.needsApproval(server.entry)) {
      host.trust().bindClaims(host.trust().key(server.entry), Catalogue.claims(told));
    }
    Catalogue fresh = Catalogue.of(server.entry, told, claims(server.entry));
    server.described = described;
    server.catalogue = fresh;
    return fresh;
  }

  /** The client gives the same list object until the server changes it. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(@Nullable List<JsonNode> before, List<JsonNode> now) {
    return before == now;
  }

  private Claims claims(ServerEntry entry) {
    if (!Trust.needsApproval(entry)) {
      return new Claims.Believed();
    }
    String key = host.trust().key(entry);
    if (approvedForRun.contains(key)) {
      return new Claims.Believed();
    }
    return host.trust().claims(key).<Claims>map(Claims.Bound::new).orElseGet(Claims.Ignored::new);
  }

  @Override
  public boolean isBelieved(String server) {
    ServerEntry entry = entry(server);
    return entry == null || !(claims(entry) instanceof Claims.Ignored);
  }

  @Override
  public String identity(String server) {
    ServerEntry entry = entry(server);
    if (entry == null) {
      throw scope.unknown(server, entries.last().entries().keySet());
    }
    Startable startable = Startable.of(entry, host.environment());
    learn(startable.secrets());
    ArrayNode parts = JsonNodeFactory.instance.arrayNode().add(startable.launch().key());
    if (startable.launch() instanceof Launch.Stdio stdio) {
      ChildEnvironment.of(host.environment(), stdio.env())
          .forEach((name, value) -> parts.add(name).add(value));
    }
    if (startable.launch() instanceof Launch.Http http) {
      host.logins().principal(server, http).ifPresent(parts::add);
    }
    return Canonical.hash(parts);
  }

  @Override
  public Set<String> secrets() {
    Set<String> ofLogins = host.logins().secrets();
    if (ofLogins.isEmpty()) {
      return secrets;
    }
    Set<String> all = new LinkedHashSet<>(secrets);
    all.addAll(ofLogins);
    return all;
  }

  private synchronized void learn(Set<String> more) {
    Set<String> all = new LinkedHashSet<>(secrets);
    all.addAll(more);
    secrets = Set.copyOf(all);
    host.learn(more);
  }

  /** The entries this run was given, as they were when they were looked at last. */
  public Collection<ServerEntry> entries() {
    return entries.last().entries().values();
  }

  @Override
  public void close() {
    scope.close();
  }
}
