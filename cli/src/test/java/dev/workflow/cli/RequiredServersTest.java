package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run goes on only with the servers that it must have. */
class RequiredServersTest {
  private static final String FLOW =
      """
      name: flow
      steps:
        ok: {ask: Go on?}
        after: {set: 1, needs: [ok]}
      outputs: {after: "${after}"}
      """;
  private static final String GONE =
      "FOLDER/home/mcp.json: error: Server `ledger`, which is `required`, cannot be used: ";

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aRunThatWaitsAndThenLosesItsServer() throws IOException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "node"))),
        "not run: node is missing");
    world = new CommandWorld(folder).with("PATH", System.getenv("PATH"));
    try (InputStream in = getClass().getResourceAsStream("/effects/asking.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("asking.mjs"));
    }
    Path program = Files.writeString(folder.resolve("ledger"), "#!/bin/sh\nexec node \"$1\"\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    servers(true);
    String file = world.file("flow.yaml", FLOW);
    Result begun = world.run("run", file, "--run-id", "one");
    assertThat(begun.code()).as(begun.err()).isEqualTo(ExitCode.WAITING);
    world.remove("ledger");
  }

  private void servers(boolean required) {
    world.file(
        "home/mcp.json",
        "{\"mcpServers\": {\"ledger\": {\"command\": \"%s\", \"args\": [\"%s\"], \"required\": %s}}}"
            .formatted(folder.resolve("ledger"), folder.resolve("asking.mjs"), required));
  }

  @Test
  void aResumeFailsBeforeAnyStepWhereARequiredServerCannotStart() {
    Result refused = world.run("resume", "one", "--yes");

    assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.MISSING);
    assertThat(refused.err())
        .isEqualTo(
            GONE
                + """
                server 'ledger' did not start: there is no executable file FOLDER/ledger [server-unavailable]
                Run one was not resumed, and no step of it began. When that is mended:
                  workflow resume one
                """);
    assertThat(world.run("runs", "show", "one", "-o", "json").json().at("/steps/ok/status"))
        .hasToString("\"waiting\"");

    Result json = world.run("resume", "one", "--yes", "-o", "json");
    assertThat(json.json().at("/errors/0/rule").asString("")).isEqualTo("server-unavailable");
  }

  @Test
  void aForkIsHeldToItToo() {
    Result refused = world.run("fork", "one", "--at", "ok", "--run-id", "two");

    assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.MISSING);
    assertThat(refused.err()).contains(GONE, "workflow resume two");
  }

  @Test
  void whoeverNeedsItNoLongerGoesOnWithoutItAndCancellingNeverNeedsIt() {
    Result forked = world.run("fork", "one", "--at", "ok", "--run-id", "two");
    assertThat(forked.code()).isEqualTo(ExitCode.MISSING);
    assertThat(world.run("runs", "cancel", "two").code()).isZero();

    servers(false);
    Result resumed = world.run("resume", "one", "--yes", "-o", "json");
    assertThat(resumed.code()).as(resumed.err()).isZero();
  }
}
