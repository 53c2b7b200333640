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
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What the failure of one request over HTTP means to the others of its session. */
class HttpNeighboursTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final FakeHttpServer server = new FakeHttpServer();

  HttpNeighboursTest() throws IOException {}

  @AfterEach
  void close() {
    server.close();
  }

  private Connection open(String session) {
    server.names(session);
    Launch.Http launch =
        new Launch.Http(
            URI.create(server.url()),
            Map.of(),
            HttpDialect.ANY,
            true,
            false,
            Map.of(),
            ClientSettings.NONE);
    HttpWire wire = new HttpWire("web", launch, Access.NONE, () -> {}, 1_000_000);
    return Fakes.get(Connection.open("web", wire, Permitted.NOTHING, LONG));
  }

  private static Mono<JsonNode> call(Connection connection, String tool) {
    return connection.call(tool, Fakes.arguments(), "key", CallTime.exactly(LONG), ignored -> {});
  }

  /** Makes the call while another one waits, which is answered all the same. */
  private ToolException failure(Connection connection, String tool) {
    CompletableFuture<@Nullable JsonNode> neighbour = call(connection, "wait").toFuture();
    Fakes.await(
        "the neighbour's call is there",
        () -> server.methods().stream().anyMatch(it -> it.startsWith("tools/call ")));
    ToolException failure = Fakes.failure(call(connection, tool));
    assertThat(connection.isOpen()).isTrue();
    server.release();
    JsonNode answer = Objects.requireNonNull(neighbour.join());
    assertThat(answer.path("content").get(0).path("text").asString()).isEqualTo("fine");
    return failure;
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 429, 500, 503})
  void aStatusFailsItsCallAlone(int status) {
    Connection connection = open("s1");
    ToolException e = failure(connection, "status-" + status);
    assertThat(e.possiblyExecuted()).isEqualTo(status >= 500);
    connection.close().block(LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s1", ""})
  void aCallThatReachesNobodyFailsAloneAndWasNotMade(String session) {
    Connection connection = open(session);
    ToolException e = failure(connection, "elsewhere");
    assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(e.getMessage()).endsWith(": tools/call elsewhere: cannot be reached");
    assertThat(e.possiblyExecuted()).isFalse();
    connection.close().block(LONG);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s1", ""})
  void aSessionThatNobodyUsesIsGreetedAnewWhereNobodyWasThere(String session) {
    Connection connection = open(session);
    assertThat(Fakes.failure(call(connection, "elsewhere")).possiblyExecuted()).isFalse();
    assertThat(connection.isOpen()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404})
  void aSessionThatIsForgottenIsOverAndTheCallWasNotMade(int status) {
    Connection connection = open("s1");
    server.forgets(status);
    ToolException e = Fakes.failure(call(connection, "good"));
    assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(e.possiblyExecuted()).isFalse();
    assertThat(connection.isOpen()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"20, 20", "999999999, 300", "soon, 0", "'Wed, 21 Oct 2015 07:28:00 GMT', 0"})
  void aServerThatAsksToBeLeftAloneIsForFiveMinutesAtMost(String header, int seconds) {
    Connection connection = open("s1");
    ToolException e = Fakes.failure(call(connection, "later-" + header));
    assertThat(e.error().kind()).isEqualTo(ErrorKind.RATE_LIMITED);
    assertThat(connection.resting())
        .isBetween(Duration.ofSeconds(Math.max(0, seconds - 10)), Duration.ofSeconds(seconds));
    connection.close().block(LONG);
  }

  @Test
  void aStreamIsTakenUpAgainAlsoWhereTheServerIsAwayForAMoment() {
    Connection connection = open("s1");
    assertThat(Fakes.get(call(connection, "broken-stream")).isObject()).isTrue();
    connection.close().block(LONG);
  }
}
