package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.oauth.Access;
import dev.workflow.mcp.oauth.ClientSettings;
import dev.workflow.mcp.remote.AddressRules;
import dev.workflow.mcp.remote.Proxies;
import dev.workflow.mcp.remote.Web;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of a server that has nothing at its address, and where a login may be needed. */
class HttpStreamsTest {
  private final HttpServer server =
      HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  private final Launch.Http launch;

  HttpStreamsTest() throws IOException {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    server.start();
    launch =
        new Launch.Http(
            URI.create("http://localhost:" + server.getAddress().getPort() + "/mcp"),
            Map.of(),
            HttpDialect.ANY,
            true,
            false,
            Map.of(),
            ClientSettings.NONE);
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  /** Lets so many requests pass; the next one needs a login. */
  private static Access loginAfter(int requests) {
    AtomicInteger asked = new AtomicInteger();
    return new Access() {
      @Override
      public Optional<String> authorization(URI target) {
        if (asked.incrementAndGet() > requests) {
          throw Failures.loginNeeded("server 'web' wants a login", List.of());
        }
        return Optional.empty();
      }

      @Override
      public boolean refused(
          int status, List<String> wwwAuthenticate, @Nullable String authorization) {
        return false;
      }
    };
  }

  private HttpStreams streams(Web web) {
    HttpSession session = new HttpSession("web", launch, loginAfter(0), web);
    return new HttpStreams(session, text -> {}, () -> false, 1_000);
  }

  private Web web() {
    return new Web(AddressRules.of(launch.url(), true, false), new Proxies(Map.of()));
  }

  @Test
  void aLoginThatIsNeededEndsTheStreamOfTheServersOwnMessagesQuietly() {
    try (Web web = web()) {
      assertThatCode(() -> streams(web).listen()).doesNotThrowAnyException();
    }
  }

  @Test
  void aStreamThatStoodForLongIsOpenedAgainHoweverOftenItIsCut() {
    AtomicInteger opened = new AtomicInteger();
    server.createContext(
        "/mcp",
        exchange -> {
          opened.incrementAndGet();
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().flush();
          HttpCall.pause(new CompletableFuture<>(), Duration.ofMillis(100));
          exchange.close();
        });
    try (Web web = web()) {
      HttpSession session = new HttpSession("web", launch, Access.NONE, web);
      Duration standing = Duration.ofMillis(50);
      new HttpStreams(session, text -> {}, () -> opened.get() >= 7, 1_000, standing).listen();
    }
    assertThat(opened).hasValue(7);
  }

  /** Follows a stream that broke; whether the answer came. */
  private boolean followed(Resumption resumption) throws IOException {
    AtomicInteger asked = new AtomicInteger();
    server.createContext(
        "/mcp",
        exchange -> {
          int status = asked.get() == 0 ? 200 : resumption.status(asked.get(), exchange);
          if (status != 200) {
            asked.incrementAndGet();
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
          }
          exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
          exchange.sendResponseHeaders(200, 0);
          String event = asked.getAndIncrement() == 0 ? "id: 1\nretry: 1" : "data: the answer";
          exchange.getResponseBody().write((event + "\n\n").getBytes(StandardCharsets.UTF_8));
          exchange.close();
        });
    HttpCall call = new HttpCall(1, new Ticket("tools/call pay"));
    try (Web web = web()) {
      HttpSession session = new HttpSession("web", launch, Access.NONE, web);
      new HttpStreams(session, text -> call.end(), () -> false, 1_000)
          .follow(session.listen(null, call.watch()), call);
    }
    return call.isOver();
  }

  /** What a server says to one who comes back for the rest of a stream. */
  private interface Resumption {
    int status(int time, HttpExchange exchange);
  }

  @Test
  void anAnswerThatCouldBeHadOnlyAtTheLastTrialIsRead() throws IOException {
    assertThat(followed((time, exchange) -> time < 5 ? 503 : 200)).isTrue();
  }

  @Test
  void aStreamThatBrokeFiveTimesInARowIsLeft() {
    assertThat(catchThrowable(() -> followed((time, exchange) -> time < 6 ? 503 : 200)))
        .hasMessage("it broke the stream 5 times in a row, at last: HTTP status 503");
  }

  @Test
  void aStreamIsNotResumedBeforeTheServerAskedForIt() throws IOException {
    AtomicLong refused = new AtomicLong();
    Resumption afterASecond =
        (time, exchange) -> {
          refused.compareAndSet(0, System.nanoTime());
          exchange.getResponseHeaders().set("Retry-After", "1");
          boolean early = System.nanoTime() - refused.get() < Duration.ofSeconds(1).toNanos();
          return early ? 429 : 200;
        };
    assertThat(followed(afterASecond)).isTrue();
  }

  @Test
  void aLoginThatIsNeededForTheOlderTransportIsToldAsSuch() {
    try (Web web = web()) {
      Throwable told = catchThrowable(() -> streams(web).openOlder(broke -> {}, HttpStreams.TRIAL));
      assertThat(told).isInstanceOf(ToolException.class).hasMessage("server 'web' wants a login");
    }
  }

  @Test
  void aLoginThatIsNeededWinsOverTheRefusalOfTheNewerTransport() {
    HttpWire wire = new HttpWire("web", launch, loginAfter(1), () -> {}, 1_000_000);
    ToolException told =
        Fakes.failure(Connection.open("web", wire, Permitted.NOTHING, Duration.ofSeconds(20)));
    assertThat(told.error().kind()).isEqualTo(ErrorKind.LOGIN_NEEDED);
  }
}
