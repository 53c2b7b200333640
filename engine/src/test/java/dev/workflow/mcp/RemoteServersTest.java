package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Entries of servers behind HTTP, from their text to what the servers see. */
class RemoteServersTest {
  private final Path folder;
  private final OlderServer older = new OlderServer();
  private final Map<String, String> environment =
      Map.of("TOKEN", "plain-t0ken", "PROXY", "http://me:pr0xy-pw@127.0.0.1:1");
  private final McpHost host;

  RemoteServersTest(@TempDir Path folder) throws IOException {
    this.folder = folder;
    this.host = new McpHost(folder.resolve("home"), environment, McpSettings.DEFAULT);
  }

  @AfterEach
  void close() {
    host.close();
    older.close();
  }

  private McpTools tools(Layer layer, String entry) {
    ServerList list = Entries.list(layer, folder, Map.of("s", entry));
    Set<String> approved =
        Set.of(host.trust().key(Objects.requireNonNull(list.entries().get("s"))));
    return host.tools(list, approved, (tool, digest) -> false);
  }

  private static String act(McpTools tools) {
    Tools.Call call =
        new Tools.Call("", "s", "act", Fakes.arguments(), "k", "", null, ignored -> {});
    return Fakes.get(tools.call(call)).value().asString();
  }

  /** A call that is sent just before the end of the stream is noticed fails. */
  private static boolean acts(McpTools tools) {
    try {
      return act(tools).equals("done");
    } catch (ToolException e) {
      return false;
    }
  }

  @Test
  void aServerThatRefusesTheGreetingIsTriedByTheOlderTransportAndRememberedSo() {
    try (McpTools tools = tools(Layer.USER, "{'url':'" + older.url() + "'}")) {
      assertThat(act(tools)).isEqualTo("done");
      older.endStream();
      Fakes.await("the server is greeted anew", () -> acts(tools) && older.streams() == 2);
    }
    assertThat(older.seen().stream().filter("POST /sse"::equals)).hasSize(1);
  }

  @Test
  void aTypeForcesItsTransport() {
    try (McpTools forced = tools(Layer.USER, "{'type':'http','url':'" + older.url() + "'}")) {
      assertThat(Fakes.failure(forced.list("s")))
          .hasMessageEndingWith(": initialize: HTTP status 405");
    }
    assertThat(older.seen()).doesNotContain("GET /sse");
    try (McpTools forced = tools(Layer.USER, "{'type':'sse','url':'" + older.url() + "'}")) {
      assertThat(act(forced)).isEqualTo("done");
    }
    assertThat(older.seen().stream().filter("POST /sse"::equals)).hasSize(1);
  }

  @Test
  void aServerThatSpeaksNeitherIsToldByItsFirstAnswer() {
    older.endpoint = "";
    try (McpTools tools = tools(Layer.USER, "{'url':'" + older.url() + "'}")) {
      ToolException e = Fakes.failure(tools.list("s"));
      assertThat(e).hasMessageEndingWith(": initialize: HTTP status 405");
      assertThat(e.error().details()).anyMatch(it -> it.startsWith("the older transport: "));
    }
  }

  @Test
  void theOlderTransportSendsNoMessagesToAnotherServer() {
    older.endpoint = "http://127.0.0.1:1/messages";
    try (McpTools tools = tools(Layer.USER, "{'type':'sse','url':'" + older.url() + "'}")) {
      assertThat(Fakes.failure(tools.list("s")))
          .hasMessageEndingWith("not sent: it sends messages on to another server, 127.0.0.1");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WORKSPACE, http://10.255.255.1/mcp, 10.255.255.1 is a private address",
    "WORKFLOW, https://169.254.169.254/mcp, 169.254.169.254 is a cloud metadata address",
    "WORKSPACE, http://8.8.8.8/mcp, 8.8.8.8 is a public address (8.8.8.8); only https",
    "USER, http://8.8.8.8/mcp, 8.8.8.8 is a public address (8.8.8.8); only https",
    "USER, http://169.254.169.254/mcp, 169.254.169.254 is a cloud metadata address",
    "USER, 'http://[::ffff:a9fe:a9fe]/mcp', is a cloud metadata address",
  })
  void anAddressThatIsNotAllowedIsToldAndNothingIsSent(Layer layer, String url, String why) {
    try (McpTools tools = tools(layer, "{'url':'" + url + "'}")) {
      ToolException e = Fakes.failure(tools.list("s"));
      assertThat(e.getMessage()).contains(": initialize: not sent: ").contains(why);
      assertThat(e.possiblyExecuted()).isFalse();
    }
  }

  @Test
  void thisMachineIsReachedFromAnyLayerThatNamesIt() {
    try (McpTools tools = tools(Layer.WORKSPACE, "{'url':'" + older.url() + "'}")) {
      assertThat(act(tools)).isEqualTo("done");
    }
  }

  @Test
  void aHeaderMadeOfAVariableArrivesAndIsASecret() {
    String entry = "{'url':'" + older.url() + "','headers':{'Authorization':'Bearer ${TOKEN}'}}";
    try (McpTools tools = tools(Layer.USER, entry)) {
      assertThat(act(tools)).isEqualTo("done");
      assertThat(older.authorizations()).containsOnly("Bearer plain-t0ken");
      assertThat(tools.secrets()).contains("plain-t0ken");
    }
  }

  @Test
  void aProxyOfTheEntryIsUsedAndItsPasswordNeverShown() {
    String entry = "{'url':'https://example.com/mcp','env':{'HTTPS_PROXY':'${PROXY}'}}";
    try (McpTools tools = tools(Layer.USER, entry)) {
      ToolException e = Fakes.failure(tools.list("s"));
      assertThat(e).hasMessageEndingWith(": initialize: cannot be reached");
      assertThat(e + " " + e.error().details()).doesNotContain("pr0xy-pw");
      assertThat(tools.secrets()).contains("pr0xy-pw", "me:pr0xy-pw");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'allowPrivateNetwork':true", "'env':{'HTTPS_PROXY':'http://p:1'}"})
  void whatWidensTheWayIsAskedAboutAndAskedAgain(String field) {
    String url = "'url':'https://example.com/mcp'";
    ServerEntry plain = Entries.entry(Layer.WORKSPACE, folder, "s", "{" + url + "}");
    ServerEntry wide = Entries.entry(Layer.WORKSPACE, folder, "s", "{" + url + "," + field + "}");
    assertThat(host.trust().key(wide)).isNotEqualTo(host.trust().key(plain));
    assertThat(host.trust().decide(List.of(wide), Set.of()).getFirst().explanation())
        .anyMatch(line -> line.contains("private networks") || line.contains("through a proxy"));
  }

  /** A server of the protocol of 2024-11-05: a stream of events, and an address for messages. */
  private static final class OlderServer implements AutoCloseable {
    private static final String END = "";

    private final HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private volatile String endpoint = "/messages?session=1";

    OlderServer() throws IOException {
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::handle);
      server.start();
    }

    String url() {
      return "http://localhost:" + server.getAddress().getPort() + "/sse";
    }

    List<String> seen() {
      return seen;
    }

    long streams() {
      return seen.stream().filter("GET /sse"::equals).count();
    }

    void endStream() {
      events.add(END);
    }

    List<String> authorizations() {
      return authorizations;
    }

    private void handle(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().getPath();
      seen.add(exchange.getRequestMethod() + " " + path);
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (exchange.getRequestMethod().equals("GET") && !endpoint.isEmpty()) {
        stream(exchange);
      } else if (exchange.getRequestMethod().equals("POST") && path.equals("/messages")) {
        answer(JsonMapper.shared().readTree(body));
        exchange.sendResponseHeaders(202, -1);
      } else {
        exchange.sendResponseHeaders(405, -1);
      }
      exchange.close();
    }

    private void stream(HttpExchange exchange) throws IOException {
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      write(out, "event: endpoint\ndata: " + endpoint + "\n\n");
      try {
        for (String event = events.take(); !event.equals(END); event = events.take()) {
          write(out, "event: message\ndata: " + event + "\n\n");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void write(OutputStream out, String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }

    private void answer(JsonNode message) {
      String result =
          switch (message.path("method").asString()) {
            case "initialize" ->
                "{\"protocolVersion\":\"2024-11-05\",\"capabilities\":{\"tools\":{}},"
                    + "\"serverInfo\":{\"name\":\"older\",\"version\":\"1\"}}";
            case "tools/list" ->
                "{\"tools\":[{\"name\":\"act\",\"inputSchema\":{\"type\":\"object\"}}]}";
            case "tools/call" -> "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}";
            default -> "";
          };
      if (!result.isEmpty()) {
        events.add(
            "{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + ",\"result\":" + result + "}");
      }
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
