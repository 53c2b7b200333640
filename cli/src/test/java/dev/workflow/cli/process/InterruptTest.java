package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import dev.workflow.run.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Ctrl-C leaves a run as it is, ends every server, and says how to go on. */
@Execution(ExecutionMode.CONCURRENT)
class InterruptTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String WORKFLOW =
      """
      name: interrupted
      version: "1.0.0"
      mcp:
        sound: {command: node, args: [faulty.mjs]}
        deaf: {command: node, args: [faulty.mjs, deaf]}
      steps:
        first: {tool: sound/fine, with: {n: 1}}
        slow: {tool: deaf/slow, with: {n: 2}, needs: [first]}
        last: {tool: sound/fine, with: {n: 3}, needs: [slow]}
      outputs: {last: "${last.n}"}
      """;

  @TempDir private Path folder;

  @Test
  void anInterruptedRunEndsItsServersAndGoesOnAtTheResume() throws Exception {
    Workspace workspace = Workspace.withServer(folder).file("interrupted.yaml", WORKFLOW);
    workspace.file("wait-here", "");
    Started started = workspace.cli().start("run", "interrupted.yaml", "--trust", "-o", "json");
    await("the slow call", () -> !workspace.lines("slow.txt").isEmpty());

    long before = System.nanoTime();
    signal(started, "INT");
    assertThat(started.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    Result result = started.await();

    assertThat(result.exit()).as("%s", result).isEqualTo(130);
    assertThat(took).isLessThan(Duration.ofSeconds(6));
    assertThat(workspace.living()).isEmpty();
    assertThat(result.json().path("status").asString()).isEqualTo("running");

    Files.delete(workspace.folder().resolve("wait-here"));
    String line = PauseTest.printedLine(result.err(), "workflow resume ");
    Result resumed = workspace.cli().shell(line);
    assertThat(resumed.exit()).as("%s: %s", line, resumed).isZero();
    assertThat(resumed.json().path("last").asInt()).isEqualTo(3);
    Journaled journal = Journaled.last(workspace.cli().home());
    assertThat(journal.all(Event.StepSucceeded.class))
        .extracting(step -> step.step().toString())
        .containsExactly("first", "slow", "last");
    assertThat(workspace.living()).isEmpty();
  }

  private static void signal(Started started, String name) throws Exception {
    String pid = Long.toString(started.process().pid());
    assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
  }

  private static void await(String what, BooleanSupplier condition) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new IOException(what + " did not come");
      }
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }
}
