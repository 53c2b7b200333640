package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.Answer;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The official servers, over standard streams and over HTTP. */
@Isolated("How soon and how well a failure is told depends on what else runs.")
class RealServersTest {
  private final Path workspace;
  private final McpHost host;

  RealServersTest(@TempDir Path folder) throws IOException {
    this.workspace = Files.createDirectories(folder.resolve("workspace")).toRealPath();
    this.host =
        new McpHost(
            folder.resolve("home"), Map.of("PATH", System.getenv("PATH")), McpSettings.DEFAULT);
  }

  @AfterEach
  void endServers() {
    host.close();
  }

  private McpTools tools(String entry) {
    return host.tools(
        Entries.list(Layer.USER, workspace, Map.of("s", entry)), Set.of(), (tool, digest) -> false);
  }

  private McpTools node(String server, String args, String more) {
    return tools(
        "{'command':'node','args':['" + NpmServers.script(server) + "'" + args + "]" + more + "}");
  }

  private static Mono<Answer> call(McpTools tools, String tool, JsonNode arguments) {
    return tools.call(
        new Tools.Call("", "s", tool, arguments, "key", "", Duration.ofSeconds(20), ignored -> {}));
  }

  private static JsonNode value(McpTools tools, String tool, String arguments) {
    return Fakes.get(call(tools, tool, Entries.json(arguments))).value();
  }

  private static Map<String, Effect> effects(McpTools tools) {
    Map<String, Effect> effects = new TreeMap<>();
    for (ToolSpec spec : Fakes.get(tools.list("s"))) {
      effects.put(spec.name(), spec.effect());
    }
    return effects;
  }

  @Test
  void theFilesystemServerWorks() throws IOException {
    Files.writeString(workspace.resolve("a.txt"), "Hello, Raglan");
    McpTools tools = node("filesystem", ",'.'", "");
    assertThat(effects(tools))
        .containsEntry("read_text_file", Effect.READ)
        .containsEntry("write_file", Effect.DESTRUCTIVE);
    assertThat(value(tools, "read_text_file", "{'path':'a.txt'}").path("content").asString())
        .isEqualTo("Hello, Raglan");
    ToolException e =
        Fakes.failure(call(tools, "read_text_file", Entries.json("{'path':'missing.txt'}")));
    assertThat(e.error().kind()).isEqualTo(ErrorKind.TOOL_ERROR);
    assertThat(e).hasMessageStartingWith("tool s/read_text_file failed: ENOENT");
  }

  @Test
  void theMemoryServerWorks() {
    McpTools tools =
        node("memory", "", ",'env':{'MEMORY_FILE_PATH':'" + workspace.resolve("m.json") + "'}");
    value(
        tools,
        "create_entities",
        "{'entities':[{'name':'Raglan','entityType':'town','observations':['has a harbour']}]}");
    assertThat(value(tools, "read_graph", "{}").path("entities").path(0).path("name").asString())
        .isEqualTo("Raglan");
    assertThat(Files.exists(workspace.resolve("m.json"))).isTrue();
  }

  @Test
  void theEverythingServerWorksOverStandardStreams() {
    everythingWorks(node("everything", ",'stdio'", ""));
  }

  @Test
  void theEverythingServerWorksOverStreamableHttp() throws IOException {
    try (EverythingServer server = new EverythingServer()) {
      everythingWorks(tools("{'url':'http://localhost:" + server.port() + "/mcp'}"));
    }
  }

  @Test
  void theEverythingServerWorksOverTheOlderSseTransport() throws IOException {
    try (EverythingServer server = new EverythingServer("sse")) {
      everythingWorks(tools("{'type':'sse','url':'http://localhost:" + server.port() + "/sse'}"));
    }
  }

  private static void everythingWorks(McpTools tools) {
    assertThat(Fakes.get(tools.list("s")).size()).isGreaterThanOrEqualTo(10);
    assertThat(value(tools, "echo", "{'message':'kia ora'}").asString()).isEqualTo("Echo: kia ora");
    List<String> sums =
        Fakes.get(
            Flux.range(0, 64)
                .flatMap(i -> call(tools, "get-sum", Entries.json("{'a':" + i + ",'b':1}")), 32)
                .map(answer -> answer.value().asString())
                .collectList());
    assertThat(sums).hasSize(64).contains("The sum of 63 and 1 is 64.");
    assertThat(
            value(tools, "get-structured-content", "{'location':'Chicago'}")
                .path("conditions")
                .asString())
        .isNotEmpty();
  }

  @Test
  void anHttpServerThatDiesInMidCallFailsTheCallWithinASecond() throws IOException {
    try (EverythingServer server = new EverythingServer()) {
      McpTools tools = tools("{'url':'http://localhost:" + server.port() + "/mcp'}");
      Fakes.get(tools.list("s"));
      Mono<Answer> call =
          call(tools, "trigger-long-running-operation", Entries.json("{'duration':15,'steps':30}"))
              .cache();
      call.subscribe(answer -> {}, failure -> {});
      Mono.delay(Duration.ofMillis(700)).block();
      long start = System.nanoTime();
      server.kill();
      ToolException e = Fakes.failure(call);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
      assertThat(e.possiblyExecuted()).isTrue();
      assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
      ToolException after = Fakes.failure(call(tools, "echo", Entries.json("{'message':'x'}")));
      assertThat(after.possiblyExecuted()).isFalse();
      assertThat(after).hasMessageContaining("cannot be reached");
    }
  }

  @Test
  void anHttpServerThatForgotTheSessionIsGreetedAnew() throws IOException {
    EverythingServer first = new EverythingServer();
    McpTools tools = tools("{'url':'http://localhost:" + first.port() + "/mcp'}");
    assertThat(value(tools, "echo", "{'message':'one'}").asString()).isEqualTo("Echo: one");
    first.close();
    try (EverythingServer second = new EverythingServer("streamableHttp", first.port())) {
      assertThat(second.port()).isEqualTo(first.port());
      assertThat(value(tools, "echo", "{'message':'two'}").asString()).isEqualTo("Echo: two");
    }
  }
}
