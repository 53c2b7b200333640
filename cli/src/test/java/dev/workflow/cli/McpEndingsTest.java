package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jline.utils.Signals;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** How commands for servers end when something is wrong: their exit codes and what scripts get. */
class McpEndingsTest {
  private final Path folder;
  private final McpWorld world;

  McpEndingsTest(@TempDir Path folder) {
    this.folder = folder;
    this.world = new McpWorld(folder);
  }

  private void broken() {
    world.commands.file(
        "project/.mcp.json",
        "{\"mcpServers\": {\"broken\": {\"comand\": \"x\"}, \"gone\": {\"command\": \"nobody\"}}}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "show", "test", "trust"})
  void aServerWhoseEntryIsWrongIsNotSaidToBeMissing(String verb) {
    broken();
    Result result = world.mcp(verb, "broken");
    assertThat(result.code()).as("%s", result).isEqualTo(3);
    assertThat(result.err())
        .containsOnlyOnce("Did you mean `command`?")
        .doesNotContain("no server");

    Result scripted = world.mcp(verb, "broken", "--json");
    assertThat(scripted.code()).isEqualTo(3);
    assertThat(scripted.json().at("/errors/1/message").asString())
        .isEqualTo("server 'broken': unknown key 'comand'");

    Result other = world.mcp(verb, "brokn");
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("There is no server brokn.");
  }

  @Test
  void whatIsWrongComesBeforeWhatIsMissing() {
    broken();
    String flow = world.commands.file("project/wf.yaml", "flow: [user: hi]\n");
    Result result = world.commands.run("tools", "list", flow, "--probe", "--trust", "-o", "json");
    assertThat(result.json().at("/servers/0/error").asString()).contains("'nobody' was not found");
    assertThat(result.code()).isEqualTo(3);
  }

  @Test
  void scriptsGetOneObjectHoweverItEnds() {
    broken();
    Result none = world.mcp("import", "--from", "cursor", "--all", "--json");
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.json()).isEqualTo(JsonMapper.shared().readTree("{\"servers\": []}"));

    Result unapproved = world.mcp("test", "gone", "--json");
    assertThat(unapproved.code()).isEqualTo(9);
    assertThat(unapproved.json().at("/errors/0/kind").asString()).isEqualTo("untrusted");
    assertThat(unapproved.json().at("/errors/0/message").asString())
        .isEqualTo("server gone is not approved");
  }

  @Test
  void aHeaderEndsItsNameAtWhicheverComesFirst() {
    world.mcp("add", "a", "https://h/mcp", "-H", "Authorization=Bearer a:b", "-H", "X-Url: u=v");
    assertThat(JsonMapper.shared().readTree(world.own()).at("/mcpServers/a/headers"))
        .isEqualTo(
            JsonMapper.shared()
                .readTree("{\"Authorization\": \"Bearer a:b\", \"X-Url\": \"u=v\"}"));
  }

  @Test
  void aFileThatIsNoTextIsToldSo() throws IOException {
    Path file = Path.of(world.commands.file("project/.mcp.json", ""));
    Files.write(file, new byte[] {'{', '"', (byte) 0xff, '"', '}'});
    Result result = world.mcp("list");
    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("the file cannot be read: it is no text in UTF-8");
    Files.createDirectories(folder.resolve("project/.cursor"));
    Files.copy(file, folder.resolve("project/.cursor/mcp.json"));
    assertThat(world.mcp("import", "--from", "cursor", "--all").err())
        .contains("the file cannot be read: it is no text in UTF-8");
  }

  /** The editor has the terminal, and what is pressed there is meant for it. */
  @Test
  void anInterruptIsForTheEditorAlone() throws Exception {
    world.mcp("add", "a", "x");
    String editor =
        world.commands.file(
            "ed.sh",
            "kill -INT $PPID\nsleep 1\necho \"$1\" > "
                + folder.resolve("edited")
                + "\necho '{\"command\": \"y\"}' > \"$1\"\n");
    world.commands.with("EDITOR", "sh " + editor).typing("");
    CountDownLatch received = new CountDownLatch(1);
    Object before = Signals.register("INT", received::countDown);
    try {
      Result edited = world.mcp("edit", "a");
      assertThat(edited.code()).as("%s", edited).isZero();
      assertThat(received.getCount()).isOne();
      new ProcessBuilder("sh", "-c", "kill -INT $PPID").start();
      assertThat(received.await(1, TimeUnit.MINUTES)).isTrue();
    } finally {
      Signals.unregister("INT", before);
    }
    assertThat(world.own()).contains("\"command\": \"y\"");
    assertThat(Path.of(McpWorld.read(folder.resolve("edited")).strip())).doesNotExist();
  }
}
