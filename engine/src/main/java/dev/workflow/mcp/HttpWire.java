package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.HttpSession.Watch;
import dev.workflow.mcp.oauth.Access;
import dev.workflow.mcp.remote.AddressRules;
import dev.workflow.mcp.remote.Proxies;
import dev.workflow.mcp.remote.Reply;
import dev.workflow.mcp.remote.Unreadable;
import dev.workflow.mcp.remote.Web;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * MCP over HTTP, with the fate of each request. Each has a virtual thread of its own, which waits
 * for its answer, goes on where a stream broke, or says why there is none.
 */
final class HttpWire implements Wire {
  private static final Duration NOTICE = Duration.ofSeconds(10);
  private static final Duration FAREWELL = Duration.ofSeconds(2);
  private static final Set<Integer> SPEAKS_OLDER = Set.of(400, 404, 405);
  private static final Duration PING_PATIENCE = Duration.ofSeconds(2);
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final String server;
  private final URI url;
  private final Messages messages;
  private final int maxBytes;
  private final Web web;
  private final HttpSession session;
  private final HttpDialect dialect;
  private final Runnable turnedOlder;
  private final HttpStreams streams;
  private final Map<Object, HttpCall> inFlight = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private volatile Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = mono -> mono;
  private volatile boolean older;
  private volatile @Nullable String ending;
  private volatile long restUntil = System.nanoTime();

  /**
   * A wire that has sent nothing yet.
   *
   * @param turnedOlder runs when the server turns out to speak the older transport only
   */
  HttpWire(String server, Launch.Http launch, Access access, Runnable turnedOlder, int maxBytes) {
    this.server = server;
    this.url = launch.url();
    this.messages = new Messages(maxBytes);
    this.maxBytes = maxBytes;
    AddressRules rules = AddressRules.of(url, launch.own(), launch.privateAllowed());
    this.web = new Web(rules, new Proxies(launch.proxies()));
    this.session = new HttpSession(server, launch, access, web);
    this.dialect = launch.dialect();
    this.turnedOlder = turnedOlder;
    this.older = dialect == HttpDialect.SSE;
    this.streams = new HttpStreams(session, this::deliver, closed::get, maxBytes);
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> session) {
    return Mono.fromRunnable(() -> handler = session);
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    return Mono.deferContextual(
        context -> {
          byte[] bytes = messages.write(message, subject());
          if (message instanceof JSONRPCRequest request) {
            return send(request, bytes, context.getOrDefault(Ticket.class, null));
          }
          return Mono.fromFuture(() -> notice(message, bytes));
        });
  }

  private Mono<Void> send(JSONRPCRequest request, byte[] bytes, @Nullable Ticket given) {
    Ticket ticket = given == null ? new Ticket(request.method()) : given;
    ticket.id(request.id());
    HttpCall call = new HttpCall(request.id(), ticket);
    inFlight.put(request.id(), call);
    if (closed.get() && inFlight.remove(request.id(), call)) {
      ticket.withdraw();
      return Mono.error(gone(ticket));
    }
    Thread.ofVirtual().name("mcp-" + server).start(() -> carry(call, bytes));
    return Mono.empty();
  }

  /** Sends what is not answered, and waits until the server has taken it. */
  private CompletableFuture<@Nullable Void> notice(JSONRPCMessage message, byte[] bytes) {
    CompletableFuture<@Nullable Void> taken = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("mcp-" + server)
        .start(
            () -> {
              try {
                session.post(bytes, NOTICE, Watch.NONE).close();
                if (isGreeting(message) && !older) {
                  Thread.ofVirtual().name("mcp-" + server).start(streams::listen);
                }
                taken.complete(null);
              } catch (IOException | RuntimeException e) {
                taken.completeExceptionally(
                    HttpFaults.failure(subject(), new Ticket(what(message)), e, false));
              }
            });
    return taken;
  }

  private static String what(JSONRPCMessage message) {
    return message instanceof JSONRPCNotification told ? told.method() : "our answer";
  }

  private static boolean isGreeting(JSONRPCMessage message) {
    return message instanceof JSONRPCNotification told
        && told.method().equals(McpSchema.METHOD_NOTIFICATION_INITIALIZED);
  }

  private void carry(HttpCall call, byte[] bytes) {
    try {
      if (older) {
        streams.openOlder(this::shut, null);
      }
      take(posted(call, bytes), call);
    } catch (IOException | RuntimeException e) {
      fail(call, e);
    }
  }

  /** The answer to a message; a server that refuses the greeting is tried in the older way. */
  private Reply posted(HttpCall call, byte[] bytes) throws IOException {
    try {
      return session.post(bytes, null, call.watch());
    } catch (HttpRefusal refusal) {
      boolean greets = call.ticket().what().equals(McpSchema.METHOD_INITIALIZE);
      if (!greets || older || dialect != HttpDialect.ANY || !tellsOlder(refusal)) {
        throw refusal;
      }
      try {
        streams.openOlder(this::shut, HttpStreams.TRIAL);
      } catch (IOException | RuntimeException notOlder) {
        if (notOlder instanceof ToolException known
            && known.error().kind() == ErrorKind.LOGIN_NEEDED) {
          throw known;
        }
        refusal.addSuppressed(notOlder);
        throw refusal;
      }
      older = true;
      turnedOlder.run();
      return session.post(bytes, null, call.watch());
    }
  }

  private static boolean tellsOlder(HttpRefusal refusal) {
    return SPEAKS_OLDER.contains(refusal.status());
  }

  private void take(Reply reply, HttpCall call) throws IOException {
    call.taken();
    String type = reply.mediaType();
    if (type.equals("text/event-stream")) {
      streams.follow(reply, call);
      return;
    }
    try (reply) {
      if (older) {
        return; // answered by the stream
      }
      if (!type.endsWith("json")) {
        throw new Unreadable("is no MCP, but " + HttpSession.type(reply));
      }
      deliver(reply.bytes(maxBytes));
    }
    if (inFlight.containsKey(call.id())) {
      throw new Unreadable("answers something else");
    }
  }

  /** Hands over the messages of one text. */
  private void deliver(byte[] text) throws IOException {
    JsonNode node;
    try {
      node = messages.parse(text);
    } catch (JacksonException e) {
      throw new Unreadable(Messages.why(e));
    }
    for (JsonNode each : node.isArray() ? node : List.of(node)) {
      JSONRPCMessage message =
          Messages.message(each).orElseThrow(() -> new Unreadable("is no JSON-RPC message"));
      if (!(message instanceof JSONRPCResponse response)) {
        hand(message);
      } else if (answered(response.id())) {
        session.agreed(each.path("result").path("protocolVersion"));
        hand(message);
      }
    }
  }

  private boolean answered(@Nullable Object id) {
    HttpCall call = id == null ? null : inFlight.remove(id);
    if (call != null) {
      call.end();
    }
    return call != null;
  }

  private void hand(JSONRPCMessage message) {
    handler.apply(Mono.just(message)).onErrorComplete().subscribe();
  }

  private void fail(HttpCall call, Exception error) {
    boolean waits = inFlight.remove(call.id(), call);
    call.end();
    if (error instanceof HttpRefusal refusal && refusal.retryAfter().isPositive()) {
      restUntil = System.nanoTime() + refusal.retryAfter().toNanos();
    }
    if (isOver(error)) {
      shut(error);
    }
    if (waits) {
      ToolException failure = HttpFaults.failure(subject(), call.ticket(), error, call.isTaken());
      hand(Messages.synthetic(call.id(), failure));
    }
  }

  /**
   * Whether a failure ends the session, and so every call under way: where the server does not know
   * its name any more, and where nobody was there, unless that harms somebody. Who comes next opens
   * a new one then, and where that is in vain the server rests.
   */
  private boolean isOver(Exception error) {
    if (HttpFaults.unreachable(error)) {
      return inFlight.isEmpty();
    }
    return session.isNamed()
        && error instanceof HttpRefusal refusal
        && (refusal.status() == NOT_FOUND || (refusal.status() == BAD_REQUEST && isForgotten()));
  }

  /**
   * Many servers answer with 400 when they do not know a session, though that may be about the one
   * request: then they answer another one.
   */
  private boolean isForgotten() {
    JSONRPCRequest ping = new JSONRPCRequest(McpSchema.METHOD_PING, "ping-" + UUID.randomUUID());
    try {
      session.post(messages.write(ping, subject()), PING_PATIENCE, Watch.NONE).close();
      return false;
    } catch (HttpRefusal refusal) {
      return refusal.status() == NOT_FOUND || refusal.status() == BAD_REQUEST;
    } catch (IOException | RuntimeException unclear) {
      return false;
    }
  }

  /** Nobody closes what broke, so that it lets go of its connections by itself. */
  private void shut(Exception error) {
    if (shut(HttpFaults.words(error))) {
      closeGracefully().subscribe();
    }
  }

  /** Whether it was open until now. */
  private boolean shut(String why) {
    if (!closed.compareAndSet(false, true)) {
      return false;
    }
    ending = why;
    streams.end();
    for (Object id : List.copyOf(inFlight.keySet())) {
      HttpCall call = inFlight.remove(id);
      if (call != null) {
        call.end();
        hand(Messages.synthetic(id, gone(call.ticket())));
      }
    }
    over.complete(null);
    return true;
  }

  private ToolException gone(Ticket ticket) {
    String message = subject() + " went away before it answered " + ticket.what();
    return ticket.sent()
        ? Failures.lost(message + Failures.DOUBT, diagnosis())
        : Failures.unavailable(message + Failures.UNSENT, diagnosis());
  }

  private String subject() {
    return "server '" + server + "' at " + Web.shownOrigin(url);
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public Duration resting() {
    long left = restUntil - System.nanoTime();
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  @Override
  public void whenClosed(Runnable action) {
    var unused = over.thenRun(action);
  }

  @Override
  public void abandon(Ticket ticket, String reason) {
    Object id = ticket.id();
    HttpCall call = id == null ? null : inFlight.remove(id);
    if (id == null || call == null) {
      return;
    }
    if (!ticket.withdraw()) {
      Object params = Map.of("requestId", id, "reason", reason);
      JSONRPCNotification told = new JSONRPCNotification("notifications/cancelled", params);
      var unused = notice(told, messages.write(told, subject()));
    }
    call.end();
    hand(Messages.synthetic(id, Failures.unavailable(reason)));
  }

  @Override
  public void giveUp(String why) {
    shut("the server " + why);
    closeGracefully().subscribe();
  }

  @Override
  public List<String> diagnosis() {
    String last = ending;
    return last == null ? List.of() : List.of("connection: " + last);
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.fromFuture(
        () -> {
          CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
          boolean first = !closed.get();
          shut("closed by this side");
          Thread.ofVirtual().name("mcp-" + server).start(() -> leave(first, done));
          return done;
        });
  }

  private void leave(boolean farewell, CompletableFuture<@Nullable Void> done) {
    try {
      if (farewell) {
        session.end(FAREWELL);
      }
    } catch (IOException | RuntimeException e) {
      // it is over all the same
    } finally {
      web.close();
      done.complete(null);
    }
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return messages.convert(data, type);
  }
}
