package dev.workflow.mcp;

import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.oauth.Access;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The SDK's HTTP transports, with the fate of each request. A break of any stream makes this wire
 * ask whether the server is still there; if not, every request in flight is answered at once.
 */
final class HttpWire implements Wire {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  /**
   * A request that is refused learns so by itself, on a busy machine some time after the stream
   * breaks.
   */
  private static final Duration FIRST_THE_REFUSED = Duration.ofSeconds(2);

  private final String server;
  private final URI url;
  private final Messages messages;
  private final McpClientTransport transport;
  private final Map<Object, Ticket> inFlight = new ConcurrentHashMap<>();
  private final Map<Object, CompletableFuture<Boolean>> probes = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private volatile Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = mono -> mono;
  private volatile @Nullable String lastBreak;

  HttpWire(String server, Launch.Http launch, Access access, int maxBytes) {
    this.server = server;
    this.url = launch.url();
    this.messages = new Messages(maxBytes);
    this.transport = transport(launch, new Authorizing(access), maxBytes);
    transport.setExceptionHandler(this::streamBroke);
  }

  private McpClientTransport transport(Launch.Http launch, Authorizing authorizing, int maxBytes) {
    String base = url.getScheme() + "://" + url.getRawAuthority();
    String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    String endpoint = url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    HttpRequest.Builder request = request(launch.headers());
    if (launch.legacySse()) {
      return legacy(base, endpoint, request, authorizing, maxBytes);
    }
    return HttpClientStreamableHttpTransport.builder(base)
        .endpoint(endpoint)
        .jsonMapper(messages.forSdk())
        .connectTimeout(CONNECT_TIMEOUT)
        .maxResponseSize(maxBytes)
        .supportedProtocolVersions(VERSIONS)
        .requestBuilder(request)
        .asyncHttpRequestCustomizer(authorizing)
        .authorizationErrorHandler(authorizing)
        .build();
  }

  /** The SDK copies this builder for each of its requests. */
  private HttpRequest.Builder request(Map<String, String> headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder();
    headers.forEach(
        (name, value) -> {
          try {
            request.setHeader(name, value);
          } catch (IllegalArgumentException e) {
            throw Failures.unavailable(
                "server '" + server + "': the header " + name + " cannot be sent");
          }
        });
    return request;
  }

  /** Deprecated in the SDK as in the protocol, but servers that speak nothing newer are about. */
  @SuppressWarnings("deprecation")
  private McpClientTransport legacy(
      String base,
      String endpoint,
      HttpRequest.Builder request,
      Authorizing authorizing,
      int maxBytes) {
    return HttpClientSseClientTransport.builder(base)
        .sseEndpoint(endpoint)
        .jsonMapper(messages.forSdk())
        .connectTimeout(CONNECT_TIMEOUT)
        .maxResponseSize(maxBytes)
        .requestBuilder(request)
        .asyncHttpRequestCustomizer(authorizing)
        .build();
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> session) {
    handler = session;
    return transport
        .connect(incoming -> incoming.flatMap(message -> seen(message, session)))
        .doOnError(this::shut);
  }

  private Mono<JSONRPCMessage> seen(
      JSONRPCMessage message, Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> session) {
    if (message instanceof JSONRPCResponse response) {
      CompletableFuture<Boolean> probe = probes.remove(response.id());
      if (probe != null) {
        probe.complete(true);
        return Mono.empty();
      }
      if (inFlight.remove(response.id()) == null) {
        return Mono.empty();
      }
    }
    return session.apply(Mono.just(message));
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    if (!(message instanceof JSONRPCRequest request)) {
      return transport.sendMessage(message);
    }
    return Mono.deferContextual(
        context -> {
          Ticket given = context.getOrDefault(Ticket.class, null);
          Ticket ticket = given == null ? new Ticket(request.method()) : given;
          ticket.id(request.id());
          if (closed.get()) {
            ticket.withdraw();
            return Mono.error(gone(ticket));
          }
          inFlight.put(request.id(), ticket);
          ticket.send();
          return transport
              .sendMessage(message)
              .contextWrite(Authorizing::ofMessage)
              .onErrorMap(e -> notDelivered(request.id(), ticket, e));
        });
  }

  private ToolException notDelivered(Object id, Ticket ticket, Throwable error) {
    inFlight.remove(id);
    if (HttpFaults.neverArrived(error)) {
      ticket.neverArrived();
    }
    if (error instanceof McpTransportSessionNotFoundException || HttpFaults.unreachable(error)) {
      shut(error);
    }
    return HttpFaults.failure(subject(), ticket, error);
  }

  /** Called by the SDK for any stream, without saying for which request. */
  private void streamBroke(Throwable error) {
    lastBreak = HttpFaults.words(error);
    for (Object id : List.copyOf(inFlight.keySet())) {
      Ticket ticket =
          String.valueOf(error.getMessage()).contains("\"" + id + "\"")
              ? inFlight.remove(id)
              : null;
      if (ticket != null) {
        answer(
            id,
            Failures.unusable(
                subject() + "'s answer to " + ticket.what() + " cannot be read: " + reason(error),
                List.of()));
      }
    }
    if (error instanceof McpTransportSessionNotFoundException) {
      Mono.delay(FIRST_THE_REFUSED).subscribe(tick -> shut(error));
    } else if (!inFlight.isEmpty()
        && !closed.get()
        && !(greets() && HttpFaults.unreachable(error))) {
      probe();
    }
  }

  /** A greeting that does not arrive is told by its own failure, which says more than a probe. */
  private boolean greets() {
    return inFlight.values().stream()
        .allMatch(ticket -> ticket.what().equals(McpSchema.METHOD_INITIALIZE));
  }

  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  private void probe() {
    String id = "probe-" + UUID.randomUUID();
    CompletableFuture<Boolean> answered = new CompletableFuture<>();
    probes.put(id, answered);
    Mono.firstWithSignal(
            transport
                .sendMessage(new JSONRPCRequest(McpSchema.METHOD_PING, id, null))
                .then(Mono.fromFuture(answered)),
            Mono.fromFuture(answered))
        .timeout(PROBE_TIMEOUT)
        .doFinally(end -> probes.remove(id))
        .subscribe(alive -> {}, this::shut);
  }

  private void shut(Throwable error) {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (lastBreak == null) {
      lastBreak = HttpFaults.words(error);
    }
    for (Object id : List.copyOf(inFlight.keySet())) {
      Ticket ticket = inFlight.remove(id);
      if (ticket != null) {
        answer(id, gone(ticket));
      }
    }
    over.complete(null);
  }

  private void answer(Object id, ToolException failure) {
    handler.apply(Mono.just(Messages.synthetic(id, failure))).onErrorComplete().subscribe();
  }

  private ToolException gone(Ticket ticket) {
    String message = subject() + " went away before it answered " + ticket.what();
    return ticket.sent()
        ? Failures.lost(message + Failures.DOUBT, diagnosis())
        : Failures.unavailable(message + Failures.UNSENT, diagnosis());
  }

  private String subject() {
    return "server '" + server + "' at " + url.getScheme() + "://" + url.getAuthority();
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void whenClosed(Runnable action) {
    var unused = over.thenRun(action);
  }

  @Override
  public void abandon(Ticket ticket, String reason) {
    Object id = ticket.id();
    if (id == null || inFlight.remove(id) == null) {
      return;
    }
    Object params = Map.of("requestId", id, "reason", reason);
    transport
        .sendMessage(new JSONRPCNotification("notifications/cancelled", params))
        .onErrorComplete()
        .subscribe();
    answer(id, Failures.unavailable(reason));
  }

  @Override
  public void giveUp(String why) {
    lastBreak = "the server " + why;
    closeGracefully().subscribe();
  }

  @Override
  public List<String> diagnosis() {
    List<String> lines = new ArrayList<>();
    String last = lastBreak;
    if (last != null) {
      lines.add("connection: " + last);
    }
    return lines;
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.<Void>fromRunnable(() -> shut(new IllegalStateException("closed by this side")))
        .then(transport.closeGracefully().timeout(CLOSE_TIMEOUT).onErrorComplete());
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return messages.convert(data, type);
  }
}
