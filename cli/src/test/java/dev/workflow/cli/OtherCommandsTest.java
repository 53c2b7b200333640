package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtherCommandsTest {
  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  @ParameterizedTest
  @ValueSource(strings = {"workflow", "skill", "mcp", "answers", "registry", "lock", "event"})
  void everySchemaIsPrinted(String name) {
    assertThat(world.run("schema", name).json().get("$schema").asString())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(world.run("schema").out()).contains(name + "  ");
  }

  @Test
  void anUnknownSchemaIsNearAKnownOne() {
    assertThat(world.run("schema", "workflw").err())
        .isEqualTo("workflow: There is no schema workflw. Did you mean `workflow`?\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void everyShellGetsCompletionsOfAllCommands(String shell) {
    Result result = world.run("completion", shell);

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("validate", "inspect", "require-model", "cancel");
  }

  @Test
  void theDoctorPrintsNoSecrets() {
    Result result =
        world
            .with("OPENAI_API_KEY", "sk-canary-1234567")
            .with("PATH", folder.toString())
            .run("doctor");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .startsWith("● Java ")
        .contains(
            """
            ● Home FOLDER/home: 0 runs
            """)
        .contains(
            """
            ● Model providers: openai
            ○ node is not on PATH; MCP servers that need it will not start
            """)
        .doesNotContain("canary");
  }

  @Test
  void theToolsOfServersThatWereNeverStartedAreUnknown() {
    String file =
        world.file(
            "server.yaml",
            """
            name: s
            mcp: {srv: {command: no-such-program}, off: {command: x, enabled: false}}
            steps: {a: {tool: srv/x, with: {}}}
            """);

    assertThat(world.run("tools", "list", file).out())
        .isEqualTo(
            """
            srv  FOLDER/server.yaml  never started here; --probe asks it
            off  FOLDER/server.yaml  switched off
            """);
    assertThat(world.run("tools", "list", file, "--probe").code()).isEqualTo(9);
    Result unapproved = world.run("tools", "list", file, "--probe", "-o", "json");
    assertThat(unapproved.code()).isEqualTo(9);
    assertThat(
            unapproved.json().path("servers").valueStream().map(s -> s.path("server").asString()))
        .containsExactly("srv", "off");
    Result trusted = world.run("tools", "list", file, "--probe", "--trust", "-o", "json");
    assertThat(trusted.code()).isEqualTo(4);
    assertThat(trusted.json().at("/servers/0/error").asString()).contains("no-such-program");
    assertThat(world.run("tools", "call", "srv/x", "--from", file).code()).isEqualTo(9);
    assertThat(world.run("tools", "call", "srx/x", "--from", file).err())
        .isEqualTo("workflow: There is no server srx. Did you mean `srv`?\n");
    assertThat(world.run("tools", "call", "srv", "--from", file).err())
        .isEqualTo("workflow: Expected SERVER/TOOL, found srv.\n");
  }

  @Test
  void aToolOfAServerThatCannotStartIsMissing() {
    String servers =
        world.file(
            "servers.json", "{\"mcpServers\": {\"gone\": {\"command\": \"no-such-program\"}}}");

    Result result = world.run("tools", "call", "gone/do", "--mcp-config", servers);

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err()).startsWith("✗ server 'gone' did not start: the command ");
  }

  @Test
  void aToolOfAServerThatIsNotThereSaysWhichServersThereAre() {
    assertThat(world.run("tools", "call", "nix/do").err())
        .isEqualTo("workflow: There is no server nix. There are none.\n");
  }
}
