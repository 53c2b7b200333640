package dev.workflow.mcp;

import dev.workflow.mcp.oauth.Access;
import io.modelcontextprotocol.client.transport.customizer.McpAsyncHttpClientRequestCustomizer;
import io.modelcontextprotocol.client.transport.customizer.McpHttpClientAuthorizationErrorHandler;
import io.modelcontextprotocol.common.McpTransportContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;

/** Puts the token of a login into each request of the SDK, and asks for another when refused. */
final class Authorizing
    implements McpAsyncHttpClientRequestCustomizer, McpHttpClientAuthorizationErrorHandler {
  private static final String HEADER = "Authorization";
  private static final String SENT = "sent";

  private final Access access;

  /** With what the streams were opened that the SDK opens by itself. */
  private final Sent ofStreams = new Sent();

  Authorizing(Access access) {
    this.access = access;
  }

  /** With which token a request was sent: only that one was refused when it is. */
  private static final class Sent {
    private final AtomicReference<@Nullable String> authorization = new AtomicReference<>();
  }

  /** Tells a message apart from all others that are under way. */
  static Context ofMessage(Context context) {
    return context.put(
        McpTransportContext.KEY, McpTransportContext.create(Map.of(SENT, new Sent())));
  }

  private Sent sent(McpTransportContext context) {
    return context.get(SENT) instanceof Sent sent ? sent : ofStreams;
  }

  @Override
  public Publisher<HttpRequest.Builder> customize(
      HttpRequest.Builder request,
      String method,
      URI endpoint,
      @Nullable String body,
      McpTransportContext context) {
    return Mono.fromCallable(
            () -> {
              String authorization = access.authorization(endpoint).orElse(null);
              sent(context).authorization.set(authorization);
              if (authorization != null) {
                request.setHeader(HEADER, authorization);
              }
              return request;
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public Publisher<Boolean> handle(HttpResponse.ResponseInfo answer, McpTransportContext context) {
    List<String> challenges = answer.headers().allValues("WWW-Authenticate");
    String authorization = sent(context).authorization.get();
    return Mono.fromCallable(() -> access.refused(answer.statusCode(), challenges, authorization))
        .subscribeOn(Schedulers.boundedElastic());
  }
}
