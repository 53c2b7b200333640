package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class McpImportTest {
  private static final String CURSOR =
      """
      {"mcpServers": {
        "a": {"command": "x", "env": {"KEY": "planted-4711"}, "autoRun": true},
        "b": {"url": "https://b.example/mcp"},
        "bad": {"command": "x", "args": "no list"}}}
      """;

  private final McpWorld world;

  McpImportTest(@TempDir Path folder) {
    this.world = new McpWorld(folder);
    world.commands.with("HOME", folder.resolve("user").toString());
  }

  @Test
  void aDryRunShowsTheEntriesWithoutSecretsAndWritesNothing() {
    world.commands.file("user/.cursor/mcp.json", CURSOR);
    Result dry = world.mcp("import", "--from", "cursor", "a", "b", "--dry-run");
    assertThat(dry)
        .isEqualTo(
            new Result(
                0,
                """
                a: {
                  "command" : "x",
                  "env" : {
                    "KEY" : "[secret]"
                  },
                  "x-cursor" : {
                    "autoRun" : true
                  }
                }
                b: {
                  "url" : "https://b.example/mcp"
                }
                """,
                """
                ● server a of FOLDER/user/.cursor/mcp.json: would be taken over (FOLDER/home/mcp.json)
                ● server b of FOLDER/user/.cursor/mcp.json: would be taken over (FOLDER/home/mcp.json)
                Nothing was written (--dry-run).
                """));
    assertThat(world.home.resolve("mcp.json")).doesNotExist();
  }

  @Test
  void allAreTakenOverOnceAndNoneIsReplaced() {
    world.commands.file("user/.cursor/mcp.json", CURSOR);
    world.mcp("add", "-s", "user", "b", "mine");

    Result taken = world.mcp("import", "--from", "cursor", "--all", "--json");

    assertThat(taken.code()).isEqualTo(1);
    assertThat(taken.json().at("/servers/0/done").asString()).isEqualTo("taken over");
    assertThat(taken.json().at("/servers/1/done").asString())
        .isEqualTo("not taken over: another server has its name");
    assertThat(taken.json().at("/servers/2/done").asString())
        .isEqualTo("not taken over: its entry is wrong");
    assertThat(taken.err()).contains("expected a list of texts");
    assertThat(taken.out() + taken.err()).doesNotContain("planted-4711");
    assertThat(world.own()).contains("planted-4711", "\"mine\"");
    assertThat(world.mcp("import", "--from", "cursor", "a").err())
        .contains("server a of FOLDER/user/.cursor/mcp.json: there already, the same");
  }

  @Test
  void twoServersThatAreOneNameHereAreToldApart() {
    world.commands.file(
        "user/.cursor/mcp.json",
        "{\"mcpServers\": {\"a/b\": {\"command\": \"x\"}, \"a-b\": {\"command\": \"y\"}}}");
    for (Result taken :
        List.of(
            world.mcp("import", "--from", "cursor", "--all", "--json", "--dry-run"),
            world.mcp("import", "--from", "cursor", "--all", "--json"))) {
      assertThat(taken.code()).isEqualTo(1);
      assertThat(taken.json().at("/servers/0/notes/0").asString()).contains("its name is a-b here");
      assertThat(taken.json().at("/servers/1/done").asString())
          .isEqualTo("not taken over: another server has its name");
    }
    assertThat(world.own()).contains("\"x\"").doesNotContain("\"y\"");
  }

  @Test
  void whatStandsInTheWorkspaceGoesIntoTheWorkspace() {
    world.commands.file(
        "project/.vscode/mcp.json", "{\"servers\":{\"v\":{\"type\":\"stdio\",\"command\":\"x\"}}}");
    assertThat(world.mcp("import", "--from", "vscode", "--all").code()).isZero();
    assertThat(world.shared()).contains("\"v\"");
    assertThat(world.mcp("list").out()).contains("v       workspace  not approved");
  }

  @Test
  void migrateTakesTheOlderFormAndLeavesItsFile() {
    String old = "[mcp.servers.notes]\ncommand = \"uvx\"\nargs = [\"notes-mcp\"]\n";
    world.commands.file("project/loom.toml", old);
    world.commands.file("user/.loom/mcp.toml", old.replace("notes", "own"));
    Result migrated = world.mcp("migrate");
    assertThat(migrated.code()).as("%s", migrated).isZero();
    assertThat(world.shared()).contains("\"notes\"");
    assertThat(world.own()).contains("\"own\"");
    assertThat(McpWorld.read(world.workspace.resolve("loom.toml"))).isEqualTo(old);
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(world.mcp("import").err()).contains("--from: expected one of claude-desktop,");
    Result none = world.mcp("import", "--from", "gemini", "--all");
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.err())
        .isEqualTo(
            """
            There are no servers of gemini in:
              FOLDER/project/.gemini/settings.json
              FOLDER/user/.gemini/settings.json
            """);
    world.commands.file("user/.cursor/mcp.json", CURSOR);
    assertThat(world.mcp("import", "--from", "cursor").err())
        .contains("Expected names or --all; cursor has: a, b, bad.");
    assertThat(world.mcp("import", "--from", "cursor", "c").err())
        .contains("cursor has no server c; it has: a, b, bad.");
    String broken = world.commands.file("broken.json", "{\"KEY\": planted-4712");
    Result unread = world.mcp("import", "--from", "cursor", "--file", broken, "--all", "--json");
    assertThat(unread.code()).isEqualTo(3);
    assertThat(unread.out() + unread.err()).contains("is no JSON").doesNotContain("planted");
  }
}
