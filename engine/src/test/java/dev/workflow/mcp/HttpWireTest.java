package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.oauth.Access;
import dev.workflow.mcp.oauth.ClientSettings;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Each way an HTTP server can misbehave. */
@Isolated("How soon and how well a failure is told depends on what else runs.")
class HttpWireTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 1_000_000;

  private final FakeHttpServer server = new FakeHttpServer();
  private final Connection connection = Fakes.get(open(server.url()));

  HttpWireTest() throws IOException {}

  private static Mono<Connection> open(String url) {
    return Mono.defer(
        () ->
            Connection.open(
                "web", wire(url, "Authorization", "Bearer t0p"), Permitted.NOTHING, LONG));
  }

  private static HttpWire wire(String url, String header, String value) {
    Launch.Http launch =
        new Launch.Http(
            URI.create(url),
            Map.of(header, value),
            HttpDialect.ANY,
            true,
            false,
            Map.of(),
            ClientSettings.NONE);
    return new HttpWire("web", launch, Access.NONE, () -> {}, MAX_BYTES);
  }

  @AfterEach
  void close() {
    connection.close().block(LONG);
    server.close();
  }

  private Mono<JsonNode> call(String tool) {
    return connection.call(
        tool, Fakes.arguments(), "key", CallTime.exactly(Duration.ofSeconds(5)), ignored -> {});
  }

  private static String subject() {
    return "server 'web' at http://localhost:";
  }

  @Test
  void everyRequestCarriesTheHeadersAndTheWholeAddress() {
    Fakes.get(call("good"));
    assertThat(server.authorizations()).isNotEmpty().containsOnly("Bearer t0p");
    assertThat(server.methods()).contains("tools/call /mcp?tenant=1");
  }

  @Test
  void refusedCredentialsAreToldAndNothingWasExecuted() {
    ToolException e = Fakes.failure(call("status-401"));
    assertThat(e.getMessage())
        .startsWith(subject())
        .endsWith(
            ": tools/call status-401: refused with HTTP status 401; it does not take the header Authorization of its entry");
    assertThat(e.possiblyExecuted()).isFalse();
    assertThat(Fakes.get(call("good"))).isNotNull();
  }

  @Test
  void aServerThatAsksToSlowDownIsARateLimit() {
    ToolException e = Fakes.failure(call("status-429"));
    assertThat(e.error().kind()).isEqualTo(ErrorKind.RATE_LIMITED);
    assertThat(e.possiblyExecuted()).isFalse();
  }

  @Test
  void anErrorInsideTheServerLeavesTheCallInDoubt() {
    ToolException e = Fakes.failure(call("status-500"));
    assertThat(e.getMessage()).endsWith("HTTP status 500; the call may have taken effect");
    assertThat(e.possiblyExecuted()).isTrue();
  }

  @Test
  void aRefusedRequestWasNotExecuted() {
    assertThat(Fakes.failure(call("status-400")).possiblyExecuted()).isFalse();
  }

  @Test
  void anAnswerOverTheLimitFailsItsCallAndNoOther() {
    ToolException e = Fakes.failure(call("huge"));
    assertThat(e.error().kind()).isEqualTo(ErrorKind.INVALID_OUTPUT);
    assertThat(e.getMessage()).endsWith("exceeds the maximum allowed size of 1000000 bytes");
    assertThat(e.possiblyExecuted()).isTrue();
    assertThat(Fakes.get(call("good"))).isNotNull();
  }

  @Test
  void anAnswerTenThousandLevelsDeepFailsItsCallAtOnce() {
    ToolException e = Fakes.failure(call("deep"));
    assertThat(e.getMessage()).contains("'s answer to tools/call deep is outside the limits: ");
    assertThat(Fakes.get(call("good"))).isNotNull();
  }

  @Test
  void anAnswerThatIsNoJsonFailsItsCallAtOnce() {
    ToolException e = Fakes.failure(call("garbage"));
    assertThat(e.getMessage()).contains("'s answer to tools/call garbage is no JSON: ");
    assertThat(e.possiblyExecuted()).isTrue();
  }

  @Test
  void numbersKeepEveryDigit() {
    assertThat(Fakes.get(call("number")).path("structuredContent").toString())
        .isEqualTo("{\"exact\":12345678901234567890.123456789}");
  }

  @Test
  void aServerThatIsNotThereIsAnImmediateErrorAndNothingWasSent() {
    server.close();
    for (int i = 0; i < 50; i++) {
      long start = System.nanoTime();
      ToolException e = Fakes.failure(open(server.url()));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(e.getMessage()).startsWith(subject()).endsWith(": initialize: cannot be reached");
      assertThat(e.possiblyExecuted()).isFalse();
    }
  }

  @Test
  void aHeaderThatCannotBeSentIsToldWithoutItsValue() {
    assertThat(Fakes.failure(Mono.fromCallable(() -> wire(server.url(), "Host", "evil\nvalue"))))
        .hasMessage("server 'web': the header Host cannot be sent");
  }
}
