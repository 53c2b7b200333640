package dev.workflow.cli.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** Processes that are killed before, while and after they keep what a step gave. */
@Execution(ExecutionMode.CONCURRENT)
class KilledCacheTest {
  private static final String WORKFLOW =
      """
      name: killed
      inputs: {q: string}
      mcp:
        shop: {command: node, args: [lookup.mjs], env: {LEDGER: "${LEDGER}", TOKEN: "${TOKEN}"}}
      steps:
        a: {tool: shop/look, with: {q: "${q}"}, cache: 1h}
        b: {tool: shop/look, with: {q: "${q}"}, cache: 1h, needs: [a]}
        c: {tool: shop/count, with: {q: "${q}"}, cache: 1h, needs: [b]}
      outputs: {all: "${[a.n, b.n, c.n]}"}
      """;

  @TempDir private Path folder;

  @Test
  @Tag("soak")
  void killedAtAnyMomentARunGoesOnAndTheNextOneIsToldOnlyWhatIsTrue() throws IOException {
    Cli cli = shop().with("TOKEN", "first");
    int kept = 0;
    int called = 0;
    for (int nth = 3; nth <= 17; nth += 2) {
      String q = "q" + nth;
      kill(cli, nth, "run", "w.yaml", "--trust", "--input", "q=" + q, "--run-id", q);
      Result whole = cli.run("resume", q, "-o", "json");
      assertThat(whole.exit()).as("killed after %d events: %s", nth, whole).isZero();
      long before = calls(q);
      assertThat(before).as("killed after %d events", nth).isGreaterThanOrEqualTo(3);
      Result next = cli.run("run", "w.yaml", "--trust", "--input", "q=" + q, "-o", "json");
      assertThat(next.exit()).as("after %d events: %s", nth, next).isZero();
      for (String step : List.of("a", "b", "c")) {
        JsonNode now = next.json().path("steps").path(step);
        if (now.has("cached")) {
          kept++;
          assertThat(now.at("/cached/run").asString()).isEqualTo(q);
          assertThat(now.path("output"))
              .isEqualTo(whole.json().path("steps").path(step).path("output"));
        } else {
          called++;
          before++;
        }
      }
      assertThat(calls(q)).as("after %d events: %s", nth, next).isEqualTo(before);
    }
    assertThat(kept).isPositive();
    assertThat(called).isPositive();
  }

  @Test
  void anotherSecretIsAnotherPrincipalAndNoneStandsInTheHome() throws IOException {
    Cli cli = shop().with("TOKEN", "swordfish-1");
    String[] run = {"run", "w.yaml", "--trust", "--input", "q=x", "-o", "json"};
    assertThat(cli.run(run).exit()).isZero();
    assertThat(cli.run(run).json().at("/steps/a").has("cached")).isTrue();
    cli.with("TOKEN", "swordfish-2");
    assertThat(cli.run(run).json().at("/steps/a").has("cached")).isFalse();
    assertThat(calls("x")).isEqualTo(6);
    try (var files = Files.walk(cli.home())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), ISO_8859_1))
            .as("%s", file)
            .doesNotContain("swordfish");
      }
    }
  }

  private Cli shop() throws IOException {
    assumeTrue(Workspace.hasProgram("node"), "not run: node is missing");
    folder = folder.toRealPath();
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/cache/lookup.mjs"))) {
      Files.copy(in, folder.resolve("lookup.mjs"));
    }
    Files.writeString(folder.resolve("w.yaml"), WORKFLOW);
    return new Cli(folder.resolve("home"), folder)
        .with("LEDGER", folder.resolve("ledger.txt").toString());
  }

  private static void kill(Cli cli, int nth, String... words) {
    CompletableFuture<Boolean> moment = new CompletableFuture<>();
    AtomicInteger told = new AtomicInteger();
    String[] command = new String[words.length + 2];
    System.arraycopy(words, 0, command, 0, words.length);
    command[words.length] = "-o";
    command[words.length + 1] = "jsonl";
    Started started =
        cli.start(
            line -> {
              if (told.incrementAndGet() == nth) {
                moment.complete(true);
              }
            },
            command);
    started.killAfter(moment, 0);
  }

  private long calls(String q) throws IOException {
    return Files.readAllLines(folder.resolve("ledger.txt")).stream()
        .filter(line -> line.endsWith(" " + q))
        .count();
  }
}
