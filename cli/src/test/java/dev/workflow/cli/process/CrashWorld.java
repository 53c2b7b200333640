package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.journal.SqliteJournal;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Kills the engine at drawn moments, resumes it, decides about calls in doubt by looking at what
 * the world saw, and holds the promise against the journal and the ledger.
 */
final class CrashWorld {
  private static final int MOST_KILLS = 3;
  private final Path folder;
  private final Cli cli;
  private final String file;
  private final List<String> options;
  private final JsonNode expected;
  private final long usualMillis;
  int kills;
  int doubts;

  private CrashWorld(Path folder, Cli cli, String file, List<String> options) {
    this.folder = folder;
    this.cli = cli;
    this.file = file;
    this.options = options;
    long start = System.nanoTime();
    Result whole = cli.run(runCommand("whole"));
    assertThat(whole.exit()).as("the run without a crash: %s", whole).isZero();
    this.usualMillis = (System.nanoTime() - start) / 1_000_000;
    this.expected = whole.json().get("outputs");
  }

  /** The workflow with a tool of each effect class, in a folder of its own. */
  static CrashWorld ofLedger(Path folder) {
    try {
      for (String name : List.of("crash.yaml", "answers.yaml", "ledger.mjs")) {
        try (InputStream in =
            Objects.requireNonNull(CrashWorld.class.getResourceAsStream("/crash/" + name))) {
          Files.copy(in, folder.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Cli cli =
        new Cli(folder.resolve("home"), folder)
            .with("LEDGER", folder.resolve("ledger.txt").toString());
    return new CrashWorld(folder, cli, "crash.yaml", List.of("--trust", "--yes"));
  }

  /** A shipped example. */
  static CrashWorld ofExample(Path folder, String example, String... options) {
    Cli cli = new Cli(folder.resolve("home"), Cli.repository());
    return new CrashWorld(folder, cli, "workflows-examples/" + example, List.of(options));
  }

  /** One run that is killed at moments that the seed draws, up to its end. */
  void crash(String run, long seed) {
    Random random = new Random(seed);
    clearLedger();
    String[] command = runCommand(run);
    for (int kill = 0; kill < 1 + random.nextInt(MOST_KILLS); kill++) {
      boolean killed = cli.start(command).killAfter(random.nextLong(usualMillis + 300));
      kills += killed ? 1 : 0;
      command = exists(run) ? resumeCommand(run) : runCommand(run);
    }
    Result last = decide(run, cli.run(command));
    assertThat(last.exit()).as("run %s of seed %d: %s", run, seed, last).isZero();
    assertThat(last.json().get("outputs")).as("outputs of seed %d", seed).isEqualTo(expected);
    assertNothingIsRepeated(run, seed);
    assertThat(childrenLeft()).as("processes left behind by seed %d", seed).isEmpty();
  }

  private String[] runCommand(String run) {
    List<String> command = new ArrayList<>(List.of("run", file, "-o", "json", "--run-id", run));
    command.addAll(options);
    return command.toArray(String[]::new);
  }

  private static String[] resumeCommand(String run) {
    return new String[] {"resume", run, "-o", "json", "--yes"};
  }

  private boolean exists(String run) {
    if (!Files.exists(cli.home().resolve("journal.db"))) {
      return false;
    }
    try (SqliteJournal journal = new SqliteJournal(cli.home())) {
      return journal.find(run).stream().anyMatch(found -> found.run().equals(run));
    }
  }

  /** As a person would: what the world saw was done, what it did not see is made again. */
  private Result decide(String run, Result result) {
    Result now = result;
    for (int asked = 0; now.exit() == 8 && asked < 10; asked++) {
      JsonNode pending = now.json().get("pending").get(0);
      String step = pending.get("step").asString();
      Event.ToolCalled called = lastCall(run, step);
      long n = called.arguments().get("n").asLong();
      boolean seen = ledger().stream().anyMatch(line -> line.startsWith("pay " + n + " "));
      doubts++;
      String decision =
          seen
              ? "{\"decision\":\"done\",\"output\":{\"doubled\":" + 2 * n + "}}"
              : "{\"decision\":\"retry\"}";
      now = cli.run("resume", run, "-o", "json", "--yes", "--answer", step + "=" + decision);
    }
    return now;
  }

  private Event.ToolCalled lastCall(String run, String step) {
    Event.ToolCalled found = null;
    for (Recorded recorded : journal(run)) {
      if (recorded.event() instanceof Event.ToolCalled called
          && called.step().toString().equals(step)) {
        found = called;
      }
    }
    return Objects.requireNonNull(found, step + " was never called");
  }

  private List<Recorded> journal(String run) {
    List<Recorded> events = new ArrayList<>();
    try (SqliteJournal journal = new SqliteJournal(cli.home())) {
      journal.read(run, 1, events::add);
    }
    return events;
  }

  /** No completed step, recorded reply or recorded tool call runs again; no payment is doubled. */
  private void assertNothingIsRepeated(String run, long seed) {
    Set<String> answered = new HashSet<>();
    Set<String> ended = new HashSet<>();
    for (Recorded recorded : journal(run)) {
      switch (recorded.event()) {
        case Event.ToolReturned e -> answered.add(e.call());
        case Event.ModelReplied e -> answered.add(e.call());
        case Event.StepSucceeded e -> ended.add(e.step().toString());
        case Event.StepStarted e ->
            assertThat(ended).as("seed %d", seed).doesNotContain(e.step().toString());
        default -> {}
      }
    }
    assertCallsAreMadeOnce(run, seed, answered);
    List<String> payments = ledger().stream().filter(line -> line.startsWith("pay ")).toList();
    assertThat(payments).as("payments of seed %d", seed).doesNotHaveDuplicates();
  }

  /** After an answer no other call with the same key, or of the same turn, follows. */
  private void assertCallsAreMadeOnce(String run, long seed, Set<String> answered) {
    Set<String> done = new HashSet<>();
    for (Recorded recorded : journal(run)) {
      switch (recorded.event()) {
        case Event.ToolCalled e -> {
          assertThat(done).as("seed %d repeats %s", seed, e).doesNotContain(e.key());
          if (answered.contains(e.call())) {
            done.add(e.key());
          }
        }
        case Event.ModelCalled e -> {
          String turn = e.step() + "#" + e.attempt() + "." + e.turn();
          assertThat(done).as("seed %d repeats %s", seed, e).doesNotContain(turn);
          if (answered.contains(e.call())) {
            done.add(turn);
          }
        }
        default -> {}
      }
    }
  }

  private List<String> ledger() {
    Path ledger = folder.resolve("ledger.txt");
    try {
      return Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void clearLedger() {
    try {
      Files.deleteIfExists(folder.resolve("ledger.txt"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> childrenLeft() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains("ledger.mjs"))
        .filter(process -> workingFolder(process).startsWith(folder))
        .map(process -> process.pid() + " " + process.info().commandLine().orElse(""))
        .toList();
  }

  private static Path workingFolder(ProcessHandle process) {
    try {
      return Path.of("/proc/" + process.pid() + "/cwd").toRealPath();
    } catch (IOException gone) {
      return Path.of("/");
    }
  }
}
