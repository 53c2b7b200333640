package dev.workflow.travel;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.InitializeResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real server in its own process, spoken to over its standard input and output. */
@Timeout(
    value = 20,
    threadMode = ThreadMode.SEPARATE_THREAD) // a read of a pipe cannot be interrupted
class TravelServerProcessTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int CALLS = 1000;

  private final String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private final String classPath = serverClassPath();
  private Process server;
  private BufferedReader answers;

  /** What the server runs on: its own classes and Jackson, nothing of the tests. */
  private static String serverClassPath() {
    return String.join(
        File.pathSeparator,
        List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
            .filter(part -> part.matches(".*([/\\\\]classes|[/\\\\]jackson-[^/\\\\]*\\.jar)"))
            .toList());
  }

  @BeforeEach
  void start() throws IOException {
    server =
        new ProcessBuilder(java, "-cp", classPath, TravelServer.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    answers = server.inputReader(StandardCharsets.UTF_8);
  }

  @AfterEach
  void stop() {
    server.destroyForcibly();
  }

  @Test
  void itIntroducesItselfListsItsToolsAnswersAndEndsWithItsInput() throws Exception {
    send(
        "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':'2025-11-25',"
            + "'capabilities':{},'clientInfo':{'name':'test','version':'1'}}}");
    assertThat(receive().at("/result/serverInfo/name").asString()).isEqualTo("travel");
    send("{'jsonrpc':'2.0','method':'notifications/initialized'}");
    send("{'jsonrpc':'2.0','method':'notifications/of-the-future'}");
    send("this is not JSON");
    assertThat(receive().at("/error/code").asInt()).isEqualTo(-32700);
    send("{'jsonrpc':'2.0','id':2,'method':'tools/list'}");
    assertThat(receive().at("/result/tools")).hasSize(5);
    send("{'jsonrpc':'2.0','id':3,'method':'sampling/none'}");
    assertThat(receive().at("/error/code").asInt()).isEqualTo(-32601);
    send("{'jsonrpc':'2.0','id':4,'method':'ping'}");
    assertThat(receive().path("id").asInt()).isEqualTo(4);
    long end = System.nanoTime();
    server.outputWriter().close();
    assertThat(server.waitFor(1, TimeUnit.SECONDS)).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - end)).isLessThan(Duration.ofSeconds(1));
    assertThat(server.exitValue()).isZero();
    assertThat(answers.readLine()).isNull();
  }

  @Test
  void aThousandPipelinedCallsAreAllAnsweredThoughTheClientReadsLast() throws Exception {
    var requests = new StringBuilder();
    for (int i = 0; i < CALLS; i++) {
      requests.append(call(i)).append('\n');
    }
    try (OutputStream in = server.getOutputStream()) {
      in.write(requests.toString().getBytes(StandardCharsets.UTF_8)); // well over a pipe's 64 KiB
    }
    var seen = new HashSet<Integer>();
    for (int i = 0; i < CALLS; i++) {
      JsonNode answer = receive();
      seen.add(answer.path("id").asInt());
      assertThat(answer.at("/result/isError").asBoolean(true)).as(answer.toString()).isFalse();
      assertThat(answer.at("/result/structuredContent").isObject()).isTrue();
    }
    assertThat(seen).hasSize(CALLS);
    assertThat(answers.readLine()).isNull();
    assertThat(server.waitFor(1, TimeUnit.SECONDS)).isTrue();
  }

  private static String call(int i) {
    String where = List.of("Raglan", "Hamilton", "Wellington", "San Francisco").get(i % 4);
    String date = "20%02d-%02d-%02d".formatted(i % 90 + 10, i % 12 + 1, i % 28 + 1);
    String request =
        switch (i % 3) {
          case 0 -> "'tide_data','arguments':{'place':'%s','date':'%s'}".formatted(where, date);
          case 1 ->
              "'weather_forecast','arguments':{'place':'%s','date':'%s'}".formatted(where, date);
          default -> "'find_places','arguments':{'place':'%s','limit':50}".formatted(where);
        };
    return "{'jsonrpc':'2.0','id':%d,'method':'tools/call','params':{'name':%s}}"
        .formatted(i, request)
        .replace('\'', '"');
  }

  /** The MCP SDK is the judge of what is MCP; it checks results against output schemas itself. */
  @Test
  void theClientOfTheMcpSdkUnderstandsIt() {
    var parameters =
        ServerParameters.builder(java).args("-cp", classPath, TravelServer.class.getName()).build();
    var transport = new StdioClientTransport(parameters, McpJsonDefaults.getMapper());
    try (McpSyncClient client =
        McpClient.sync(transport).requestTimeout(Duration.ofSeconds(10)).build()) {
      InitializeResult initialized = client.initialize();
      assertThat(initialized.protocolVersion()).isEqualTo("2025-11-25");
      assertThat(client.listTools().tools())
          .extracting(Tool::name)
          .containsExactly(
              "geocode", "weather_forecast", "route_planning", "tide_data", "find_places");
      CallToolResult found = client.callTool(request(Map.of("place", "Whāingaroa")));
      assertThat(found.isError()).isFalse();
      assertThat((Map<?, ?>) found.structuredContent()).extracting("name").isEqualTo("Raglan");
      CallToolResult unknown = client.callTool(request(Map.of("place", "Ragland")));
      assertThat(unknown.isError()).isTrue();
      assertThat(((TextContent) unknown.content().get(0)).text()).contains("did you mean Raglan");
    }
  }

  private static CallToolRequest request(Map<String, Object> arguments) {
    return CallToolRequest.builder("geocode").arguments(arguments).build();
  }

  private void send(String message) throws IOException {
    server.outputWriter().write(message.replace('\'', '"') + "\n");
    server.outputWriter().flush();
  }

  /** The next line of standard output; any that is no JSON-RPC message fails here. */
  private JsonNode receive() throws IOException {
    JsonNode answer = JSON.readTree(answers.readLine());
    assertThat(answer.path("jsonrpc").asString()).isEqualTo("2.0");
    return answer;
  }
}
