package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server behind HTTP that tells the headers it was sent: none shows a secret again. */
class EchoedHeadersTest {
  private static final String CANARY = "canary-given-4712";
  private static final String FLOW =
      """
      name: flow
      steps:
        told: {tool: echo/headers}
        refused: {tool: echo/refuse, on_error: continue}
      outputs: {told: "${told}"}
      """;

  @TempDir private Path folder;
  private final HttpServer server;

  /** What came in the header that is given, so that nothing passes because nothing was sent. */
  private final List<String> came = new CopyOnWriteArrayList<>();

  EchoedHeadersTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void listens() {
    server.createContext("/mcp", this::answer);
    server.start();
  }

  @AfterEach
  void listensNoMore() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    JsonNode request = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
    String key = String.valueOf(exchange.getRequestHeaders().getFirst("X-Key"));
    came.add(key);
    if (!request.has("id")) {
      exchange.sendResponseHeaders(exchange.getRequestMethod().equals("POST") ? 202 : 405, -1);
      exchange.close();
      return;
    }
    String body =
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}"
            .formatted(request.get("id"), result(request, key));
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.getResponseHeaders().add("X-Key", key);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String result(JsonNode request, String key) {
    String tool =
        "{\"name\":\"%s\",\"inputSchema\":{\"type\":\"object\"},\"annotations\":{\"readOnlyHint\":true}}";
    return switch (request.path("method").asString("")) {
      case "initialize" ->
          "{\"protocolVersion\":%s,\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"echo\",\"version\":\"1\"}}"
              .formatted(request.at("/params/protocolVersion"));
      case "tools/list" ->
          "{\"tools\":[%s,%s]}".formatted(tool.formatted("headers"), tool.formatted("refuse"));
      case "tools/call" ->
          "{\"content\":[{\"type\":\"text\",\"text\":\"X-Key: %s\"}],\"isError\":%s}"
              .formatted(key, request.at("/params/name").asString("").equals("refuse"));
      default -> "{}";
    };
  }

  @Test
  void neitherACallByHandNorARunShowsASecretHeaderThatTheServerTellsAgain() {
    CommandWorld world = new CommandWorld(folder).with("CANARY", CANARY);
    world.file(
        "home/mcp.json",
        "{\"mcpServers\": {\"echo\": {\"url\": \"http://localhost:%d/mcp\", \"headers\": {\"X-Key\": \"${CANARY}\"}}}}"
            .formatted(server.getAddress().getPort()));

    List<Result> said =
        List.of(
            world.run("tools", "call", "echo/headers"),
            world.run("tools", "call", "echo/refuse"),
            world.run("run", world.file("flow.yaml", FLOW), "--run-id", "one", "-o", "json"),
            world.run("runs", "export", "one"));

    assertThat(said.get(0).code()).as("%s", said).isZero();
    assertThat(said.get(2).code()).as("%s", said).isZero();
    assertThat(said.get(2).json().at("/outputs/told").asString()).startsWith("X-Key: ");
    assertThat(came).contains(CANARY);
    assertThat(said).allSatisfy(each -> assertThat(each.toString()).doesNotContain(CANARY));
  }
}
