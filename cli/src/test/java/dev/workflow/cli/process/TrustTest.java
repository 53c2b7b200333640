package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerLayers;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.Trust;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Servers that came with a workspace start only when a person has agreed to exactly that. */
@Execution(ExecutionMode.CONCURRENT)
class TrustTest {
  /** As other clients write it, keys of theirs included. */
  private static final String SERVERS =
      """
      {
        "mcpServers": {
          "counter": {
            "type": "stdio",
            "command": "node",
            "args": ["faulty.mjs"],
            "env": {"MODE": "careful"},
            "disabled": false,
            "alwaysAllow": ["fine"]
          },
          "unused": {"command": "no-such-program"}
        }
      }
      """;

  private static final String WORKFLOW =
      """
      name: trust
      version: "1.0.0"
      steps:
        one: {tool: counter/fine, with: {n: 1}}
      outputs: {one: "${one.n}"}
      """;

  @TempDir private Path folder;

  @Test
  void aServerOfTheWorkspaceIsRefusedUntilItIsApprovedAndAgainAfterAnyChange() {
    Workspace workspace = workspace();
    assertRefused(workspace);

    approve(workspace);
    Result approved = run(workspace);
    assertThat(approved.exit()).as("%s", approved).isZero();
    assertThat(approved.json().path("outputs").path("one").asInt()).isEqualTo(1);

    List<Map.Entry<String, String>> changes =
        List.of(
            Map.entry("\"faulty.mjs\"", "\"faulty.mjs\", \"more\""),
            Map.entry("careful", "careless"),
            Map.entry("\"type\": \"stdio\",", ""));
    for (Map.Entry<String, String> change : changes) {
      workspace.file(".mcp.json", SERVERS.replace(change.getKey(), change.getValue()));
      assertRefused(workspace);
    }
    workspace.file(".mcp.json", SERVERS);
    workspace.file(
        "faulty.mjs", "// harmless?\n" + String.join("\n", workspace.lines("faulty.mjs")));
    assertRefused(workspace);
  }

  @Test
  void trustGivenOnTheCommandLineHoldsForThatRunAndItsResumesOnly() {
    Workspace workspace = workspace();
    workspace.file(
        "trust.yaml",
        """
        name: trust
        version: "1.0.0"
        steps:
          one: {tool: counter/fine, with: {n: 1}}
          ok: {ask: Again?, needs: [one]}
          two: {tool: counter/fine, with: {n: 2}, needs: [ok]}
        """);
    Result paused = run(workspace, "--trust");
    assertThat(paused.exit()).as("%s", paused).isEqualTo(5);
    Result resumed = workspace.cli().run("resume", "last", "--yes", "-o", "json");
    assertThat(resumed.exit()).as("%s", resumed).isZero();

    assertRefused(workspace);
  }

  @Test
  void whoSaysYesInATerminalIsNotAskedAgain() {
    assumeTrue(Workspace.hasProgram("script"), "not run: the program script is missing");
    Workspace workspace = workspace();
    String line = "workflow run trust.yaml --progress none";

    Result refused = workspace.cli().terminal(line, "n\n");
    assertThat(refused.exit()).as("%s", refused).isEqualTo(9);
    assertThat(refused.out()).contains("node", "faulty.mjs", "MODE").doesNotContain("careful");
    assertThat(Journaled.runs(workspace.cli().home())).isZero();
    assertThat(workspace.lines("pids.txt")).isEmpty();

    Result approved = workspace.cli().terminal(line, "y\n");
    assertThat(approved.exit()).as("%s", approved).isZero();
    Result again = run(workspace);
    assertThat(again.exit()).as("%s", again).isZero();
  }

  private Workspace workspace() {
    return Workspace.withServer(folder).file(".mcp.json", SERVERS).file("trust.yaml", WORKFLOW);
  }

  private static Result run(Workspace workspace, String... options) {
    return workspace
        .cli()
        .run(
            Stream.concat(Stream.of("run", "trust.yaml", "-o", "json"), Stream.of(options))
                .toArray(String[]::new));
  }

  /** As a person in a terminal does. */
  private static void approve(Workspace workspace) {
    Path home = workspace.cli().home();
    ServerList servers = ServerLayers.read(home, workspace.folder(), List.of(), List.of());
    ServerEntry counter = Objects.requireNonNull(servers.entries().get("counter"));
    Trust trust = new Trust(home, System.getenv());
    trust.decide(List.of(counter), Set.of()).forEach(trust::approve);
  }

  private static void assertRefused(Workspace workspace) {
    int started = workspace.lines("pids.txt").size();
    Result result = run(workspace);
    assertThat(result.exit()).as("%s", result).isEqualTo(9);
    assertThat(result.err()).contains("counter", "node", "faulty.mjs", "--trust");
    assertThat(result.err()).doesNotContain("unused");
    assertThat(workspace.lines("pids.txt")).as("nothing is started").hasSize(started);
  }
}
