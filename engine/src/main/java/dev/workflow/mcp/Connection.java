package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.ServerMethods;
import dev.workflow.engine.Tools.ToolException;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientSession;
import io.modelcontextprotocol.spec.McpClientSession.NotificationHandler;
import io.modelcontextprotocol.spec.McpClientSession.RequestHandler;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One initialised session with one server. */
final class Connection {
  /** Where the idempotency key stands in a call's {@code _meta}. */
  static final String KEY_META = "dev.workflow/idempotencyKey";

  /**
   * As MCP reserves it for the W3C's Trace Context; in the subscriber context, it is that of the
   * call.
   */
  static final String TRACE_META = "traceparent";

  private static final int MAX_PAGES = 1_000;
  private static final int MAX_TOOLS = 10_000;

  /** The session's own time-out must never come first: ours knows whether the call was sent. */
  private static final Duration NEVER = Duration.ofDays(30);

  /** Failures are written down: neither by who reads for others nor by who tells them the time. */
  private static final Scheduler MAY_WAIT = Schedulers.boundedElastic();

  private static final TypeRef<JsonNode> TREE = new TypeRef<>() {};
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String server;
  private final Wire wire;
  private final Permitted permitted;
  private final CallsUnderWay underWay = new CallsUnderWay();
  private final McpClientSession session;
  private final Map<String, Consumer<String>> progress = new ConcurrentHashMap<>();
  private final AtomicLong tokens = new AtomicLong();
  private final AtomicLong heard = new AtomicLong();
  private final TaskCalls tasks = new TaskCalls();
  private volatile String version = Wire.VERSIONS.getLast();
  private volatile JsonNode welcome = JSON.objectNode();
  private volatile Runnable toolsChanged = () -> {};

  private Connection(String server, Wire wire, Permitted permitted) {
    this.server = server;
    this.wire = wire;
    this.permitted = permitted;
    this.session =
        new McpClientSession(
            NEVER, wire, requestHandlers(), notificationHandlers(), connecting -> connecting);
  }

  /**
   * Greets the server behind a wire that is already there. On failure the wire is closed.
   *
   * @param permitted what the server may ask of us, which the greeting declares
   * @return errors with {@link ToolException}; nothing was executed then
   */
  static Mono<Connection> open(
      String server, Wire wire, Permitted permitted, Duration startupTimeout) {
    return Mono.defer(
            () -> {
              Connection connection = new Connection(server, wire, permitted);
              return connection.greet(startupTimeout).thenReturn(connection);
            })
        .doOnError(e -> wire.closeGracefully().subscribe())
        .doOnCancel(() -> wire.closeGracefully().subscribe());
  }

  private Mono<Void> greet(Duration startupTimeout) {
    ObjectNode params = JSON.objectNode();
    params.put("protocolVersion", version);
    params.set("capabilities", permitted.capabilities());
    params.putObject("clientInfo").put("name", "workflow").put("version", clientVersion());
    Ticket ticket = new Ticket("initialize");
    return request(McpSchema.METHOD_INITIALIZE, params, ticket)
        .flatMap(this::accept)
        .timeout(startupTimeout, Mono.error(() -> notReady(startupTimeout)))
        .onErrorMap(ToolException.class, Connection::notStarted);
  }

  private Mono<Void> accept(JsonNode result) {
    String offered = result.path("protocolVersion").asString("none");
    if (!Wire.VERSIONS.contains(offered)) {
      return Mono.error(
          Failures.unavailable(
              "server '"
                  + server
                  + "' speaks MCP "
                  + offered
                  + "; this client speaks "
                  + String.join(", ", Wire.VERSIONS)));
    }
    version = offered;
    welcome = result;
    return session
        .sendNotification(McpSchema.METHOD_NOTIFICATION_INITIALIZED, null)
        .contextWrite(context -> context.put(McpAsyncClient.NEGOTIATED_PROTOCOL_VERSION, offered));
  }

  /** All tools, as the server describes them; empty when it offers none. Each page has its time. */
  Mono<List<JsonNode>> tools(Duration timeout) {
    if (!welcome.path("capabilities").path("tools").isObject()) {
      return Mono.just(List.of());
    }
    return page(null, new ArrayList<>(), new HashSet<>(), timeout)
        .doOnNext(tools -> tasks.learn(welcome.path("capabilities"), tools))
        .onErrorMap(ToolException.class, Failures::harmless);
  }

  private Mono<List<JsonNode>> page(
      @Nullable String cursor, List<JsonNode> found, Set<String> seen, Duration timeout) {
    ObjectNode params = JSON.objectNode();
    if (cursor != null) {
      params.put("cursor", cursor);
    }
    return request(
            McpSchema.METHOD_TOOLS_LIST,
            params,
            new Ticket("tools/list"),
            CallTime.exactly(timeout).start())
        .flatMap(
            result -> {
              result.path("tools").forEach(found::add);
              if (found.size() > MAX_TOOLS) {
                return Mono.error(unlisted("lists more than " + MAX_TOOLS + " tools"));
              }
              String next = result.path("nextCursor").asString("");
              if (next.isEmpty()) {
                return Mono.just(found);
              }
              if (!seen.add(next) || seen.size() > MAX_PAGES) {
                return Mono.error(unlisted("never ends its list of tools"));
              }
              return page(next, found, seen, timeout);
            });
  }

  private ToolException unlisted(String why) {
    return Failures.unusable("server '" + server + "' " + why, List.of());
  }

  /**
   * Calls a tool and gives the raw result; cancelling, and the end of its time, tell the server.
   * The result comes on the thread that reads what the server says: whoever has more to do with it
   * than to pass it on does so elsewhere.
   */
  Mono<JsonNode> call(
      String tool, JsonNode arguments, String key, CallTime time, Consumer<String> listener) {
    return Mono.deferContextual(
        context -> {
          String token = "progress-" + tokens.incrementAndGet();
          CallTime.Clock clock = time.start();
          Consumer<String> alive =
              told -> {
                clock.progressed();
                listener.accept(told);
              };
          boolean method = ServerMethods.isOne(tool);
          if (method && !offers(tool)) {
            return Mono.error(notOffered(tool));
          }
          progress.put(token, alive);
          ObjectNode params = JSON.objectNode();
          if (method) {
            arguments.properties().forEach(each -> params.set(each.getKey(), each.getValue()));
          } else {
            params.put("name", tool).set("arguments", arguments);
          }
          ObjectNode meta = params.putObject("_meta");
          meta.put("progressToken", token).put(KEY_META, key);
          context
              .<String>getOrEmpty(TRACE_META)
              .filter(traceparent -> !traceparent.isEmpty())
              .ifPresent(traceparent -> meta.put(TRACE_META, traceparent));
          if (tasks.isRequired(tool)) {
            params.putObject("task").put("ttl", time.longest().toMillis());
          }
          String asked = method ? tool : McpSchema.METHOD_TOOLS_CALL + " " + tool;
          Mono<JsonNode> result =
              request(method ? tool : McpSchema.METHOD_TOOLS_CALL, params, new Ticket(asked), clock)
                  .flatMap(answer -> resultOfTask(tool, answer, clock, alive));
          return underWay
              .during(
                  context.<Attendants>getOrEmpty(Attendants.class).orElse(Attendants.NOBODY),
                  clock,
                  result)
              .doFinally(end -> progress.remove(token));
        });
  }

  /** Whether the server answers within that time; an error is an answer, too. */
  Mono<Boolean> ping(Duration timeout, Scheduler time) {
    return request(McpSchema.METHOD_PING, JSON.objectNode(), new Ticket("ping"))
        .thenReturn(true)
        .timeout(timeout, Mono.just(false), time)
        .onErrorReturn(true);
  }

  /** Counts what the server says; as long as that stands still it is silent. */
  long heard() {
    return heard.get();
  }

  private boolean offers(String method) {
    return welcome.path("capabilities").path(ServerMethods.capability(method)).isObject();
  }

  private ToolException notOffered(String method) {
    return Failures.of(
        ErrorKind.TOOL_ERROR,
        "server '" + server + "' has no " + ServerMethods.capability(method) + ": not asked",
        List.of(),
        false);
  }

  /** Waits for the task that a call was answered with, which goes on whatever becomes of us. */
  private Mono<JsonNode> resultOfTask(
      String tool, JsonNode answer, CallTime.Clock clock, Consumer<String> alive) {
    String id = tasks.isRequired(tool) ? TaskCalls.id(answer) : null;
    if (id == null) {
      return Mono.just(answer);
    }
    tasks.follow(id, alive);
    ObjectNode params = JSON.objectNode().put("taskId", id);
    Runnable cancel =
        () ->
            request(TaskCalls.CANCEL, params, new Ticket(TaskCalls.CANCEL))
                .timeout(TaskCalls.PATIENCE)
                .onErrorComplete()
                .subscribe();
    return request(TaskCalls.RESULT, params, new Ticket("tools/call " + tool), clock)
        .onErrorMap(ToolException.class, e -> new ToolException(e.error(), true))
        .doOnError(e -> cancel.run())
        .doOnCancel(cancel)
        .doFinally(end -> tasks.forget(id));
  }

  private Mono<JsonNode> request(
      String method, ObjectNode params, Ticket ticket, CallTime.Clock clock) {
    AtomicReference<Duration> over = new AtomicReference<>(Duration.ZERO);
    return request(method, params, ticket)
        .timeout(clock.over().doOnNext(over::set), Mono.error(() -> late(ticket, over.get())))
        .onErrorResume(e -> Mono.<JsonNode>empty().publishOn(MAY_WAIT).then(Mono.error(e)));
  }

  private Mono<JsonNode> request(String method, ObjectNode params, Ticket ticket) {
    return session
        .sendRequest(method, params, TREE)
        .contextWrite(
            context ->
                context
                    .put(Ticket.class, ticket)
                    .put(McpAsyncClient.NEGOTIATED_PROTOCOL_VERSION, version))
        .doOnCancel(() -> wire.abandon(ticket, "the client no longer waits for the answer"))
        .doOnTerminate(heard::incrementAndGet)
        .onErrorMap(e -> failure(ticket, e));
  }

  private ToolException failure(Ticket ticket, Throwable error) {
    if (error instanceof ToolException known) {
      return known;
    }
    if (error instanceof McpError answered && answered.getJsonRpcError() != null) {
      JSONRPCError rpc = answered.getJsonRpcError();
      return rpc.data() instanceof ToolException known ? known : refused(ticket, rpc);
    }
    String message = "server '" + server + "': " + ticket.what() + ": " + error.getMessage();
    return ticket.sent()
        ? Failures.lost(message, wire.diagnosis())
        : Failures.unavailable(message, wire.diagnosis());
  }

  private ToolException refused(Ticket ticket, JSONRPCError rpc) {
    String message =
        "server '"
            + server
            + "' answered "
            + ticket.what()
            + " with error "
            + rpc.code()
            + ": "
            + withoutCode(rpc);
    List<String> details = rpc.data() == null ? List.of() : List.of(rpc.data().toString());
    return switch (rpc.code()) {
      case McpSchema.ErrorCodes.INVALID_PARAMS ->
          Failures.of(ErrorKind.INVALID_ARGUMENTS, message, details, false);
      case McpSchema.ErrorCodes.PARSE_ERROR,
          McpSchema.ErrorCodes.INVALID_REQUEST,
          McpSchema.ErrorCodes.METHOD_NOT_FOUND ->
          Failures.of(ErrorKind.TOOL_ERROR, message, details, false);
      default -> Failures.of(ErrorKind.TOOL_ERROR, message, details, true);
    };
  }

  /** Many servers say the code in the message, too. */
  private static String withoutCode(JSONRPCError rpc) {
    String said = rpc.message();
    String code = "MCP error " + rpc.code() + ": ";
    return said.startsWith(code) ? said.substring(code.length()) : said;
  }

  private ToolException late(Ticket ticket, Duration timeout) {
    String message =
        "server '"
            + server
            + "' did not answer "
            + ticket.what()
            + " within "
            + CallTime.words(timeout);
    return Failures.timeout(
        ticket.sent() ? message + Failures.DOUBT : message + " (never sent)",
        wire.diagnosis(),
        ticket.sent());
  }

  private ToolException notReady(Duration timeout) {
    return Failures.timeout(
        "server '"
            + server
            + "' was not ready within its startupTimeout of "
            + CallTime.words(timeout),
        wire.diagnosis(),
        false);
  }

  /** A server that answers the greeting with anything but a greeting is not there for us. */
  private static ToolException notStarted(ToolException e) {
    ErrorKind found = e.error().kind();
    boolean tells = found == ErrorKind.TIMEOUT || found == ErrorKind.LOGIN_NEEDED;
    ErrorKind kind = tells ? found : ErrorKind.UNAVAILABLE;
    ToolException harmless = Failures.harmless(e);
    return Failures.of(kind, harmless.error().message(), harmless.error().details(), false);
  }

  private static String clientVersion() {
    String packaged = Connection.class.getPackage().getImplementationVersion();
    return packaged == null ? "development" : packaged;
  }

  /** What was not declared is answered as a method that there is not. */
  private Map<String, RequestHandler<?>> requestHandlers() {
    Map<String, RequestHandler<?>> handlers = new HashMap<>();
    handlers.put(McpSchema.METHOD_PING, params -> Mono.just(Map.of()));
    RequestHandler<JsonNode> elicit = params -> underWay.elicit(wire.unmarshalFrom(params, TREE));
    handlers.put(McpSchema.METHOD_ELICITATION_CREATE, elicit);
    if (permitted.sampling()) {
      RequestHandler<JsonNode> sample = params -> underWay.sample(wire.unmarshalFrom(params, TREE));
      handlers.put(McpSchema.METHOD_SAMPLING_CREATE_MESSAGE, sample);
    }
    if (!permitted.roots().isEmpty()) {
      handlers.put(McpSchema.METHOD_ROOTS_LIST, params -> Mono.just(permitted.listOfRoots()));
    }
    return handlers;
  }

  private Map<String, NotificationHandler> notificationHandlers() {
    Map<String, NotificationHandler> handlers = new HashMap<>();
    for (String ignored :
        List.of(
            McpSchema.METHOD_NOTIFICATION_MESSAGE,
            McpSchema.METHOD_NOTIFICATION_RESOURCES_LIST_CHANGED,
            McpSchema.METHOD_NOTIFICATION_RESOURCES_UPDATED,
            McpSchema.METHOD_NOTIFICATION_PROMPTS_LIST_CHANGED)) {
      handlers.put(ignored, params -> Mono.empty());
    }
    handlers.put(
        McpSchema.METHOD_NOTIFICATION_TOOLS_LIST_CHANGED,
        params -> Mono.fromRunnable(() -> toolsChanged.run()));
    handlers.put(
        McpSchema.METHOD_NOTIFICATION_PROGRESS,
        params -> Mono.fromRunnable(() -> progressed(wire.unmarshalFrom(params, TREE))));
    handlers.put(
        TaskCalls.STATUS,
        params -> Mono.fromRunnable(() -> tasks.told(wire.unmarshalFrom(params, TREE))));
    return handlers;
  }

  private void progressed(JsonNode params) {
    heard.incrementAndGet();
    Consumer<String> listener = progress.get(params.path("progressToken").asString(""));
    if (listener == null) {
      return;
    }
    String done = params.path("progress").asString("");
    String total = params.path("total").asString("");
    String message = params.path("message").asString("");
    String count = total.isEmpty() ? done : done + "/" + total;
    listener.accept(message.isEmpty() ? count : count + " " + message);
  }

  /** Runs when it cannot be told any more which of several calls the server asks a person for. */
  void onDoubt(Runnable action) {
    underWay.onDoubt(action);
  }

  /** Runs when the server says that its list of tools is another one now. */
  void onToolsChanged(Runnable action) {
    toolsChanged = action;
  }

  /**
   * What the server said of itself: {@code serverInfo}, {@code capabilities}, {@code instructions}.
   */
  JsonNode welcome() {
    return welcome;
  }

  boolean isOpen() {
    return wire.isOpen();
  }

  /** For how long the server asked to be left alone. */
  Duration resting() {
    return wire.resting();
  }

  void whenClosed(Runnable action) {
    wire.whenClosed(action);
  }

  /** Ends what cannot be used any more: calls under way are lost, for that reason. */
  void giveUp(String why) {
    wire.giveUp(why);
  }

  /** Ends the session and the process behind it. */
  Mono<Void> close() {
    return wire.closeGracefully();
  }
}
