package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.Answer;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** What is started, kept and ended while a run goes from some servers over to others. */
class ScopeTest {
  private static final Duration IDLE = Duration.ofMillis(1_500);

  private final Path home;
  private final McpHost host;

  ScopeTest(@TempDir Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("home"));
    this.host = new McpHost(home, Map.of("PATH", System.getenv("PATH")), Bounds.idle(IDLE));
  }

  @AfterEach
  void endServers() {
    host.close();
  }

  private static String server(String name) {
    return Entries.fake(",'env':{'NAME':'" + name + "'}");
  }

  private void write(Map<String, String> entries) throws IOException {
    StringBuilder servers = new StringBuilder();
    new TreeMap<>(entries)
        .forEach(
            (alias, text) ->
                servers.append(servers.isEmpty() ? "" : ",").append("'" + alias + "':" + text));
    Files.writeString(
        home.resolve("mcp.json"), Entries.json("{'mcpServers':{" + servers + "}}").toString());
  }

  /** The tools of a run that follows its files. */
  private McpTools tools(Map<String, String> entries) throws IOException {
    write(entries);
    McpTools tools =
        host.tools(
            ServerLayers.read(Layer.USER, home.resolve("mcp.json"), home),
            Set.of(),
            (tool, digest) -> false);
    tools.followFiles();
    return tools;
  }

  private static Mono<Answer> call(McpTools tools, String server, String tool, int number) {
    return tools.call(
        new Tools.Call("", server, tool, Fakes.number(number), "key", "", null, ignored -> {}));
  }

  /** The process of a server, which has no time of rest from now on. */
  private static long held(McpTools tools, String server) {
    call(tools, server, "sleep", 60_000).subscribe(answer -> {}, failure -> {});
    return pid(tools, server);
  }

  private static long pid(McpTools tools, String server) {
    return Long.parseLong(Fakes.get(call(tools, server, "pid", 0)).value().asString());
  }

  @Test
  void goingOverToOtherServersKeepsThoseThatStayAndEndsTheOthersAfterTheirRest()
      throws IOException {
    McpTools tools = tools(Map.of("github", server("github"), "slack", server("slack")));
    long github = held(tools, "github");
    long slack = pid(tools, "slack");

    write(Map.of("github", server("github"), "jira", server("jira")));
    long jira = held(tools, "jira");
    Fakes.await(
        "the server that nobody uses is gone",
        () -> {
          assertThat(pid(tools, "github")).isEqualTo(github);
          assertThat(pid(tools, "jira")).isEqualTo(jira);
          return !Fakes.runs(slack);
        });
    assertThat(Fakes.failure(tools.list("slack")).getMessage())
        .isEqualTo("server 'slack' was taken out of " + home.resolve("mcp.json"));
  }

  @Test
  void aServerThatDoesNotStartLeavesTheOthersAsTheyAre() throws IOException {
    McpTools tools =
        tools(
            Map.of(
                "github", server("github"),
                "slack", server("slack"),
                "jira", "{'command':'no-such-command'}",
                "mute", Entries.fake("", "silent")));
    Disposable waits = tools.list("mute").subscribe(all -> {}, failure -> {});
    long github = held(tools, "github");
    long slack = held(tools, "slack");
    assertThat(Fakes.failure(tools.list("jira"))).hasMessageContaining("did not start");
    assertThat(waits.isDisposed()).as("nobody waited for it").isFalse();
    assertThat(pid(tools, "github")).isEqualTo(github);
    assertThat(pid(tools, "slack")).isEqualTo(slack);
    waits.dispose();
  }

  @Test
  void callsThatAreUnderWayEndAtTheServerThatTheyBeganWith() throws IOException {
    McpTools tools = tools(Map.of("s", server("one")));
    long one = pid(tools, "s");
    Mono<Answer> slow = call(tools, "s", "sleep", 4_000).cache();
    slow.subscribe();
    write(Map.of("s", server("two")));
    assertThat(pid(tools, "s")).isNotEqualTo(one);
    assertThat(Fakes.get(slow).value().asString()).isEqualTo("slept");
    Fakes.await("the old server is gone and forgotten", () -> !Fakes.runs(one) && host.size() == 1);
  }

  @Test
  void aStartThatIsCancelledLeavesNoProcess() throws IOException {
    McpTools tools = tools(Map.of("s", "{'command':'sleep','args':['1000']}"));
    for (int millis = 0; millis < 40; millis += 2) {
      Disposable start = tools.list("s").subscribe(all -> {}, failure -> {});
      Mono.delay(Duration.ofMillis(millis)).block();
      start.dispose();
    }
    Fakes.await("all are gone", () -> children().isEmpty());
    Mono.delay(Duration.ofMillis(200)).block();
    assertThat(children()).isEmpty();
  }

  @Test
  void whatARunLetsGoOfIsFoundRunningByTheNextAndEndsAfterItsRest() throws IOException {
    McpTools first = tools(Map.of("s", server("one")));
    long pid = pid(first, "s");
    first.close();
    McpTools second = tools(Map.of("s", server("one")));
    assertThat(pid(second, "s")).isEqualTo(pid);
    second.close();
    Fakes.await("it is gone and forgotten", () -> !Fakes.runs(pid) && host.size() == 0);
  }

  private List<Path> children() {
    Path folder = home.resolve("children");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
