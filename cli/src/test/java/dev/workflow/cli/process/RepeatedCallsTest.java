package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import dev.workflow.run.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Forks and adopted runs on a server that notes every call, killed at many moments. */
@Execution(ExecutionMode.CONCURRENT)
class RepeatedCallsTest {
  private static final String PAYING =
      """
      name: paying
      mcp:
        ledger: {command: node, args: [ledger.mjs], env: {LEDGER: "${LEDGER}"}}
      steps:
        first: {set: 3}
        note: {tool: ledger/pay, with: {n: "${first}"}, effects: write}
        pay: {tool: ledger/pay, with: {n: "${first + 1}"}}
        puts:
          each: x in [5, 6, 7]
          concurrency: 1
          tool: ledger/put
          with: {n: "${x}"}
        approve: {ask: "Paid {pay.doubled}. Go on?", needs: [note, puts]}
        last: {set: "${note.doubled + pay.doubled + sum(puts.map(p, p.doubled))}", needs: [approve]}
      outputs: {last: "${last}"}
      """;

  @TempDir private Path folder;
  private Cli cli = new Cli(Path.of(""), Path.of(""));

  @BeforeEach
  void aRunThatWaitsWithTwoCallsDone() throws IOException {
    assumeTrue(Workspace.hasProgram("node"), "not run: node is missing");
    folder = folder.toRealPath();
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/crash/ledger.mjs"))) {
      Files.copy(in, folder.resolve("ledger.mjs"));
    }
    Files.writeString(folder.resolve("paying.yaml"), PAYING);
    cli =
        new Cli(folder.resolve("home"), folder)
            .with("LEDGER", folder.resolve("ledger.txt").toString());
    Result waits = cli.run("run", "paying.yaml", "--run-id", "one", "--trust");
    assertThat(waits.exit()).as("%s", waits).isEqualTo(5);
    assertThat(paid()).containsExactlyInAnyOrder("pay 3", "pay 4");
  }

  @Test
  void callsThatAForkWouldRepeatAreConfirmedFirst() {
    Result both = cli.run("fork", "one", "--at", "first", "--run-id", "two", "--yes");
    assertThat(both.exit()).isEqualTo(5);
    assertThat(both.err())
        .isEqualTo(
            """
            These calls were made and would be made again:
              note  ledger/pay {"n":3}  (write)
              pay  ledger/pay {"n":4}  (destructive)
            Nothing was run. What is destructive only a person confirms, in a terminal:
              workflow fork one --at first --run-id two
            """);
    Result write = cli.run("fork", "one", "--at", "note", "--run-id", "two");
    assertThat(write.exit()).isEqualTo(5);
    assertThat(write.err())
        .endsWith(
            """
            Nothing was run. To confirm that:
              workflow fork one --at note --run-id two --yes
            """);
    assertThat(Journaled.runs(cli.home())).isEqualTo(1);
    assertThat(paid()).hasSize(2);

    assertThat(cli.run("fork", "one", "--at", "note", "--run-id", "two", "--yes").exit()).isZero();
    assertThat(paid()).hasSize(3);
    Result given =
        cli.run("fork", "one", "--at", "note", "--output", "{\"doubled\":6}", "--run-id", "three");
    assertThat(given.exit()).as("%s", given).isEqualTo(5);
    assertThat(given.err()).doesNotContain("made again");
    assertThat(paid()).hasSize(3);
  }

  @Test
  void aPersonConfirmsWhatIsDestructive() {
    cli.terminal("workflow fork one --at pay --run-id two --yes", "n\n");
    assertThat(paid()).hasSize(2);
    Result confirmed = cli.terminal("workflow fork one --at pay --run-id three --yes", "y\n");
    assertThat(confirmed.exit()).as("%s", confirmed).isZero();
    assertThat(paid()).hasSize(3);
  }

  @Test
  void callsThatAnAdoptionWouldRepeatAreConfirmedFirst() throws IOException {
    define(PAYING.replace("set: 3", "set: 30"));
    Result refused = cli.run("resume", "one", "--adopt", "--yes", "--trust");
    assertThat(refused.exit()).isEqualTo(5);
    assertThat(refused.err())
        .contains("note  ledger/pay {\"n\":3}  (write)", "pay  ledger/pay {\"n\":4}  (destructive)")
        .endsWith("  workflow resume one --adopt --trust\n");
    assertThat(paid()).hasSize(2);

    define(PAYING.replace("Paid", "Spent"));
    assertThat(cli.run("resume", "one", "--adopt", "--yes", "--trust").exit()).isZero();
    assertThat(paid()).hasSize(2);
  }

  @Test
  @Tag("soak")
  void aForkThatIsKilledAnywhereGoesOnWithoutRepeatingACall() {
    assertThat(cli.run("resume", "one", "--yes").exit()).isZero();
    for (int nth = 1; nth <= 41; nth += 8) {
      String fork = "f" + nth;
      kill(nth, "fork", "one", "--at", "puts", "--run-id", fork, "--yes");
      Result last = cli.run("resume", fork, "--yes", "-o", "json");
      if (last.exit() == 2) {
        last = cli.run("fork", "one", "--at", "puts", "--run-id", fork, "--yes", "-o", "json");
      }
      assertThat(last.exit()).as("fork killed after %d events: %s", nth, last).isZero();
      assertThat(last.json().at("/outputs/last").asInt()).isEqualTo(50);
      assertThat(last.json().at("/forked_from/run").asString()).isEqualTo("one");
      assertThat(paid()).hasSize(2);
      assertThat(cli.run("runs", "diff", "one", fork, "-o", "json").json().has("outputs"))
          .isFalse();
    }
  }

  @Test
  void anAdoptedResumeThatIsKilledAnywhereGoesOnWithoutRepeatingACall() throws IOException {
    define(PAYING.replace("[5, 6, 7]", "[5, 6, 8]"));
    int kills = 0;
    Result last;
    do {
      boolean adopted = !Journaled.of(cli.home(), "one").all(Event.PlanChanged.class).isEmpty();
      if (adopted) {
        kill(2 + 4 * kills, "resume", "one", "--yes");
      } else {
        kill(1 + kills, "resume", "one", "--adopt", "--yes", "--trust");
      }
      kills++;
      last = cli.run("runs", "show", "one", "-o", "json");
    } while (kills < 12 && !last.json().get("status").asString().equals("succeeded"));
    if (!last.json().get("status").asString().equals("succeeded")) {
      last = cli.run("resume", "one", "--yes", "-o", "json");
      assertThat(last.exit()).as("%s", last).isZero();
    }
    assertThat(last.json().at("/outputs/last").asInt()).isEqualTo(52);
    assertThat(last.json().get("steps").propertyNames()).contains("puts~1", "puts[2]~1");
    assertThat(Journaled.of(cli.home(), "one").all(Event.PlanChanged.class)).hasSize(1);
    assertThat(paid()).hasSize(2);
  }

  /** Kills a command after it has told so many events. */
  private void kill(int nth, String... words) {
    CompletableFuture<Boolean> moment = new CompletableFuture<>();
    AtomicInteger told = new AtomicInteger();
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("-o", "jsonl"));
    Started started =
        cli.start(
            line -> {
              if (told.incrementAndGet() == nth) {
                moment.complete(true);
              }
            },
            command.toArray(String[]::new));
    started.killAfter(moment, 0);
  }

  private void define(String text) throws IOException {
    Files.writeString(folder.resolve("paying.yaml"), text);
  }

  private List<String> paid() {
    try {
      return Files.readAllLines(folder.resolve("ledger.txt")).stream()
          .filter(line -> line.startsWith("pay "))
          .map(line -> line.substring(0, line.lastIndexOf(' ')))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
