package dev.workflow.models;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One request over HTTP and the stream that answers it. It sees to what the library leaves open: a
 * stream that is cut, stalls, grows without end or holds junk is an error; giving up closes the
 * connection; the key is put in here and nowhere else.
 */
final class Exchange implements HttpClient, AutoCloseable {
  private static final Set<String> KEY_HEADERS = Set.of("authorization", "x-api-key", "user-agent");
  private static final int ERROR_BYTES = 64 * 1024;
  private final java.net.http.HttpClient http;
  private final Endpoint endpoint;
  private final ProviderTimeouts timeouts;
  private final Failures failures;
  private final StreamWatch watch;
  private final UnaryOperator<String> body;
  private final Consumer<Throwable> failed;
  private final AtomicBoolean settled = new AtomicBoolean();
  private volatile @Nullable CompletableFuture<HttpResponse<InputStream>> call;
  private volatile @Nullable BoundedStream stream;

  /**
   * An exchange that is yet to be made.
   *
   * @param body changes the request on its way out
   * @param failed told once why there is no reply, unless there is one or nobody waits any more
   */
  Exchange(
      java.net.http.HttpClient http,
      Endpoint endpoint,
      ProviderTimeouts timeouts,
      Failures failures,
      StreamWatch watch,
      UnaryOperator<String> body,
      Consumer<Throwable> failed) {
    this.http = http;
    this.endpoint = endpoint;
    this.timeouts = timeouts;
    this.failures = failures;
    this.watch = watch;
    this.body = body;
    this.failed = failed;
  }

  /** This exchange as the library wants to be given it. */
  HttpClientBuilder asBuilder() {
    return new Given(this);
  }

  @Override
  public SuccessfulHttpResponse execute(HttpRequest request) {
    throw new UnsupportedOperationException("Models are asked for streams only");
  }

  @Override
  public void execute(
      HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
    CompletableFuture<HttpResponse<InputStream>> sent =
        http.sendAsync(outgoing(request), BodyHandlers.ofInputStream());
    call = sent;
    if (settled.get()) {
      sent.cancel(true);
    }
    CompletableFuture<Void> unused =
        sent.thenAcceptAsync(
                response -> receive(response, parser, listener), http.executor().orElseThrow())
            .exceptionally(
                failure -> {
                  fail(failures.thrown(failure));
                  return null;
                });
  }

  /** The reply is there: whatever happens to the rest of the stream is no failure. */
  void replied() {
    settled.set(true);
  }

  /** There will be no reply; the first reason counts. */
  void fail(Throwable reason) {
    if (settled.compareAndSet(false, true)) {
      failed.accept(reason);
    }
    close();
  }

  /** Gives the exchange up; what still arrives is thrown away. */
  @Override
  public void close() {
    settled.set(true);
    CompletableFuture<HttpResponse<InputStream>> sent = call;
    if (sent != null) {
      sent.cancel(true);
    }
    BoundedStream open = stream;
    if (open != null) {
      open.close();
    }
  }

  private java.net.http.HttpRequest outgoing(HttpRequest request) {
    java.net.http.HttpRequest.Builder outgoing =
        java.net.http.HttpRequest.newBuilder(URI.create(request.url()))
            .timeout(timeouts.silence())
            .version(version(request.url()))
            .header("User-Agent", "workflow")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body.apply(request.body())));
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (!KEY_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> outgoing.header(name, value));
              }
            });
    String key = endpoint.key();
    if (key != null) {
      switch (endpoint.dialect()) {
        case ANTHROPIC -> outgoing.header("x-api-key", key);
        case OPENAI, OLLAMA -> outgoing.header("Authorization", "Bearer " + key);
      }
    }
    return outgoing.build();
  }

  /** Local servers without TLS stumble over an upgrade to HTTP/2. */
  private static java.net.http.HttpClient.Version version(String url) {
    return url.startsWith("https:")
        ? java.net.http.HttpClient.Version.HTTP_2
        : java.net.http.HttpClient.Version.HTTP_1_1;
  }

  private void receive(
      HttpResponse<InputStream> response,
      ServerSentEventParser parser,
      ServerSentEventListener listener) {
    try (BoundedStream bytes =
        new BoundedStream(response.body(), failures, timeouts.silence(), this::fail)) {
      stream = bytes;
      if (settled.get()) {
        return;
      }
      int status = response.statusCode();
      if (status < 200 || status >= 300) {
        refuse(response, bytes);
        return;
      }
      listener.onOpen(
          SuccessfulHttpResponse.builder()
              .statusCode(status)
              .headers(response.headers().map())
              .build());
      parser.parse(bytes, new Watched(listener));
      end(listener);
    } catch (IOException | RuntimeException e) {
      fail(failures.thrown(e));
    }
  }

  private void refuse(HttpResponse<InputStream> response, InputStream bytes) throws IOException {
    String said = new String(bytes.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8);
    int status = response.statusCode();
    fail(
        new RefusedException(
            status,
            said,
            failures.status(status, said, response.headers().firstValue("retry-after"))));
  }

  private void end(ServerSentEventListener listener) {
    if (watch.complete()) {
      listener.onClose();
    } else {
      fail(failures.cut());
    }
  }

  /** An answer other than success, with its body, from which another way to ask may follow. */
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String body;

    RefusedException(int status, String body, RuntimeException error) {
      super(error);
      this.status = status;
      this.body = body;
    }

    int status() {
      return status;
    }

    String body() {
      return body;
    }
  }

  /** Looks at each event before the library does; the library would swallow what is wrong. */
  private final class Watched implements ServerSentEventListener {
    private final ServerSentEventListener listener;

    Watched(ServerSentEventListener listener) {
      this.listener = listener;
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
      try {
        String data = watch.see(event.data());
        if (!data.isEmpty()) {
          listener.onEvent(new ServerSentEvent(event.event(), data), context);
        }
      } catch (RuntimeException e) {
        fail(failures.thrown(e));
      }
    }

    @Override
    public void onError(Throwable broken) {
      fail(failures.cut());
    }
  }

  /** Hands out the one exchange; its own settings count, not those of the library. */
  private record Given(Exchange exchange) implements HttpClientBuilder {
    @Override
    public Duration connectTimeout() {
      return exchange.timeouts.connect();
    }

    @Override
    public HttpClientBuilder connectTimeout(Duration timeout) {
      return this;
    }

    @Override
    public Duration readTimeout() {
      return exchange.timeouts.silence();
    }

    @Override
    public HttpClientBuilder readTimeout(Duration timeout) {
      return this;
    }

    @Override
    public HttpClient build() {
      return exchange;
    }
  }
}
