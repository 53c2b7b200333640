package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** What is in our environment reaches no child that was not given it, and nothing that we write. */
@Execution(ExecutionMode.CONCURRENT)
class SecretsTest {
  private static final String WORKFLOW =
      """
      name: secrets
      version: "1.0.0"
      models: {default: [openai/gpt-5]}
      simulate: answers.yaml
      agents: {spy: {servers: [echo], tools: [echo/environment]}}
      steps:
        told: {tool: echo/environment}
        complained: {tool: echo/complain, on_error: continue}
        died: {tool: echo/die, on_error: continue, needs: [told, spied]}
        spied: {agent: spy, prompt: Look around.}
        shown: {ask: "Is this all? {told}", needs: [spied]}
      outputs: {told: "${told}", spied: "${spied}"}
      """;
  private static final String SERVERS =
      """
      {"mcpServers": {"echo": {
        "command": "node",
        "args": ["echoing.mjs"],
        "env": {"GIVEN": "${DECLARED_VALUE}", "WRITTEN_KEY": "canary-written-4713", "PLAIN": "yes"}
      }}}
      """;

  /** A variable that nobody gave to a server, one that was given, and one written into the file. */
  private static final String HIDDEN = "canary-hidden-4711";

  private static final String GIVEN = "canary-given-4712";
  private static final String WRITTEN = "canary-written-4713";

  @TempDir private Path folder;

  @Test
  void noSecretReachesAForeignChildAnOutputALogOrTheJournal() throws IOException {
    Workspace workspace =
        Workspace.withServer(folder)
            .resource("echoing.mjs")
            .file(".mcp.json", SERVERS)
            .file("secrets.yaml", WORKFLOW)
            .file(
                "answers.yaml",
                "answers: [{turns: [{calls: [{tool: environment}]},"
                    + " {answer: \"${string(tools.environment.text)}\"}]}]");
    workspace
        .cli()
        .with("HIDDEN_VALUE", HIDDEN)
        .with("AWS_SECRET_ACCESS_KEY", HIDDEN)
        .with("DECLARED_VALUE", GIVEN);

    Map<String, Result> said = new LinkedHashMap<>();
    said.put("run", workspace.cli().run("run", "secrets.yaml", "--trust", "-o", "json"));
    said.put("show", workspace.cli().run("runs", "show", "last"));
    said.put("export", workspace.cli().run("runs", "export", "last"));
    said.put("tools", workspace.cli().run("tools", "list", "-o", "json"));
    said.put("inspect", workspace.cli().run("inspect", "secrets.yaml", "--full"));
    said.put("resume", workspace.cli().run("resume", "last", "--yes", "-o", "json"));

    assertThat(said.get("run").exit()).as("%s", said.get("run")).isEqualTo(5);
    assertThat(said.get("resume").exit()).as("%s", said.get("resume")).isZero();
    JsonNode environment =
        said.get("resume").json().path("outputs").path("told").path("environment");
    assertThat(environment.path("PLAIN").asString()).isEqualTo("yes");
    assertThat(environment.path("GIVEN").asString()).isNotEmpty().isNotEqualTo(GIVEN);
    assertThat(environment.has("HIDDEN_VALUE")).isFalse();
    assertThat(environment.has("AWS_SECRET_ACCESS_KEY")).isFalse();
    for (String secret : List.of(HIDDEN, GIVEN, WRITTEN)) {
      said.forEach(
          (command, result) -> assertThat(result.toString()).as(command).doesNotContain(secret));
      assertThat(filesWith(workspace.cli().home(), secret)).as(secret).isEmpty();
    }
  }

  private static List<Path> filesWith(Path home, String secret) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      List<Path> all = files.filter(Files::isRegularFile).toList();
      assertThat(all).isNotEmpty();
      return all.stream().filter(file -> holds(file, secret)).toList();
    }
  }

  private static boolean holds(Path file, String secret) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
