package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Kills the engine at drawn moments, resumes it, decides about calls in doubt by looking at what
 * the world saw, and holds the promise against an undisturbed run, the journal, the ledger and the
 * processes of this machine.
 */
final class CrashWorld implements AutoCloseable {
  private static final int MOST_KILLS = 6;
  private static final int MOST_DECISIONS = 10;
  private static final int LOOKS_AFTER = 5;

  /** A variable that every server gets, and whatever it starts: so all of them are found. */
  private static final String MARK = "TMPDIR";

  /** A variable with the file in which the server of the ledger writes. */
  private static final String LEDGER = "LEDGER";

  private final Path folder;
  private final Cli cli;
  private final String file;
  private final List<String> options;

  /** How a run ends. */
  private final int exit;

  /** How many events of each kind an undisturbed run reports, and how long it takes. */
  private final Map<String, Integer> whole;

  private final long usualMillis;
  private final Result expected;
  private final List<String> expectedFacts;
  private final Set<String> expectedWork;
  private final List<String> aims = new ArrayList<>(List.of(Aim.ANY, Aim.ANY, Aim.ANY, Aim.CLOCK));

  /** How many events of each kind the run of now has reported. */
  private final Map<String, Integer> seen = new TreeMap<>();

  /** What was under way when a kill came, and how often. */
  private final Map<String, Integer> hits = new TreeMap<>();

  private int aimed;
  private int killed;
  private int hit;
  private int doubts;

  private CrashWorld(Path folder, Cli cli, String file, List<String> options) {
    this(folder, cli, file, options, 0);
  }

  private CrashWorld(Path folder, Cli cli, String file, List<String> options, int exit) {
    this.exit = exit;
    this.folder = folder;
    this.cli = cli.with(MARK, folder.toString());
    this.file = file;
    this.options = options;
    long start = System.nanoTime();
    Started undisturbed = cli.start(this::count, with(runCommand("whole"), "jsonl"));
    assertThat(undisturbed.await().exit()).as("%s", undisturbed.await()).isEqualTo(exit);
    this.usualMillis = (System.nanoTime() - start) / 1_000_000;
    this.whole = Map.copyOf(seen);
    this.expected = cli.run(with(resumeCommand("whole"), "json"));
    this.expectedFacts = recovery("whole").facts();
    this.expectedWork = work().keySet();
    for (String kind : new TreeMap<>(whole).keySet()) {
      if (!kind.equals(Aim.ANY)) {
        aims.addAll(List.of(kind, Aim.ANY));
      }
    }
  }

  /** The world of the same run, begun in another world: with a home and a ledger of its own. */
  private CrashWorld(CrashWorld other, Path folder) {
    this.folder = folder;
    this.cli =
        other
            .cli
            .in(folder.resolve("home"))
            .with(MARK, folder.toString())
            .with(LEDGER, folder.resolve("ledger.txt").toString());
    this.file = other.file;
    this.options = other.options;
    this.exit = other.exit;
    this.whole = other.whole;
    this.usualMillis = other.usualMillis;
    this.expected = other.expected;
    this.expectedFacts = other.expectedFacts;
    this.expectedWork = other.expectedWork;
  }

  /** The workflow with a tool of each effect class, in a folder of its own. */
  static CrashWorld ofLedger(Path folder) {
    return ofLedger(folder, "crash.yaml");
  }

  /** A workflow over the ledger that succeeds. */
  static CrashWorld ofLedger(Path folder, String file) {
    return ofLedger(folder, file, 0);
  }

  /** A workflow over the ledger that ends with an exit code. */
  static CrashWorld ofLedger(Path folder, String file, int exit) {
    assumeTrue(Workspace.hasProgram("node"), "not run: node is missing");
    try {
      for (String name : List.of(file, "answers.yaml", "ledger.mjs")) {
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
            .with(LEDGER, folder.resolve("ledger.txt").toString());
    return new CrashWorld(folder, cli, file, List.of("--trust", "--yes"), exit);
  }

  /** A shipped example that needs nothing from elsewhere. */
  static CrashWorld ofExample(Path folder, String example, String... options) {
    Cli cli = new Cli(folder.resolve("home"), Cli.repository());
    return new CrashWorld(folder, cli, "workflows-examples/" + example, List.of(options));
  }

  /** The shipped example that reads files through a public server, in a workspace of its own. */
  static CrashWorld ofDigest(Path folder) {
    assumeTrue(Workspace.hasProgram("npx"), "not run: npx is missing");
    Workspace workspace = Workspace.in(folder);
    Path example = Cli.repository().resolve("workflows-examples/repo-digest.yaml");
    try {
      workspace.file("repo-digest.yaml", Files.readString(example));
      Files.createDirectory(workspace.folder().resolve("texts"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int i = 1; i <= 12; i++) {
      workspace.file("texts/" + i + ".md", "# Text " + i + "\n" + "a line\n".repeat(i));
    }
    List<String> options = List.of("--trust", "--input", "folder=texts");
    Result first =
        workspace
            .cli()
            .run("run", "repo-digest.yaml", "--trust", "--input", "folder=texts", "-o", "json");
    assumeTrue(first.exit() != 4, "not run: npm cannot give the filesystem server: " + first.err());
    return new CrashWorld(folder, workspace.cli(), "repo-digest.yaml", options);
  }

  /**
   * Kills runs until so many kills came while a run was under way, and each of these kinds of calls
   * was cut off at least once.
   */
  void kill(int times, Collection<String> kinds) {
    for (int i = 0; hit < times || !hits.keySet().containsAll(kinds); i++) {
      assertThat(i).as("kills that miss: %s", this).isLessThan(3 * times + 10);
      crash("c" + i, i);
    }
  }

  /** Of all runs so far none stopped at a call in doubt. */
  void assertNobodyWasAsked() {
    assertThat(doubts).as("%s", this).isZero();
  }

  /**
   * Goes on from the journal cut off after each event of the undisturbed run: as a crash at that
   * very moment leaves it. A call that was under way has reached the world in one case, and not in
   * the other.
   */
  void cutAfterEveryEvent() {
    List<Recorded> events = Journaled.of(cli.home(), "whole").events();
    List<CrashWorld> cuts =
        IntStream.range(1, events.size())
            .mapToObj(kept -> events.subList(0, kept))
            .parallel()
            .flatMap(this::cutAfter)
            .toList();
    for (CrashWorld cut : cuts) {
      killed++;
      hit += cut.hit;
      doubts += cut.doubts;
      cut.hits.forEach((kind, times) -> hits.merge(kind, times, Integer::sum));
    }
  }

  private Stream<CrashWorld> cutAfter(List<Recorded> before) {
    Journaled kept = new Journaled(before);
    List<Event.ToolCalled> open = kept.underWay();
    return Stream.of(false, true)
        .filter(arrived -> !arrived || !open.isEmpty())
        .map(
            arrived -> {
              String name = "cut-" + before.size() + (arrived ? "-arrived" : "");
              CrashWorld cut = new CrashWorld(this, folder.resolve(name));
              kept.writeTo(cut.cli.home(), "whole");
              kept.all(Event.ToolCalled.class).stream()
                  .filter(called -> arrived || !open.contains(called))
                  .forEach(cut::note);
              cut.assertEndsAsEver(
                  "whole", cut.decide("whole", cut.toItsEnd(resumeCommand("whole")), null));
              return cut;
            });
  }

  /**
   * The line that a server writes for a call; what only asks, and tools of other servers, leave
   * none.
   */
  private void note(Event.ToolCalled called) {
    if (!called.server().equals("ledger") || called.verifies() != null) {
      return;
    }
    String line = called.tool() + " " + called.arguments().get("n") + " " + called.key() + "\n";
    Path ledger = folder.resolve("ledger.txt");
    try {
      Files.writeString(ledger, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return "%s: killed %d times, %d of them while the run was under way, in a %s; %d doubts"
        .formatted(file, killed, hit, hits, doubts);
  }

  /** One run that is killed at moments that the seed draws, up to its end. */
  private void crash(String run, long seed) {
    Random by = new Random(seed);
    seen.clear();
    clearLedger();
    List<String> command = runCommand(run);
    boolean there = true;
    for (int kills = 1 + by.nextInt(MOST_KILLS); there && kills > 0; kills--) {
      there = kill(command, by);
      command = isBegun(run, by) ? resumeCommand(run) : runCommand(run);
    }
    assertEndsAsEver(run, decide(run, toItsEnd(command), by));
  }

  private void assertEndsAsEver(String run, Result last) {
    assertThat(last.exit()).as("run %s of %s: %s", run, cli.home(), last).isEqualTo(exit);
    assertThat(last.json().get("outputs"))
        .as("outputs of run %s", run)
        .isEqualTo(expected.json().get("outputs"));
    assertThat(endings(last)).as("steps of run %s", run).isEqualTo(endings(expected));
    assertNothingIsRepeated(run);
  }

  /** Kills a command at the next of the moments; whether it was still there. */
  private boolean kill(List<String> command, Random by) {
    String kind = aims.get(aimed++ % aims.size());
    Aim aim =
        kind.equals(Aim.CLOCK) ? Aim.clock(usualMillis, by) : Aim.event(kind, whole, seen, by);
    CompletableFuture<Boolean> moment = new CompletableFuture<>();
    Consumer<String> listener = aim.listener(moment);
    Started started =
        cli.start(
            line -> {
              count(line);
              listener.accept(line);
            },
            with(command, "jsonl"));
    boolean there = started.killAfter(moment, aim.millis());
    if (there) {
      killed++;
    } else {
      assertNobodyIsLeft(command);
    }
    return there;
  }

  private void count(String line) {
    Aim.kinds(line).forEach(kind -> seen.merge(kind, 1, Integer::sum));
  }

  /** Whether a resume finds the run. Where it is not sure, and now and then, somebody looks. */
  private boolean isBegun(String run, Random by) {
    if (by.nextInt(LOOKS_AFTER) != 0 && !seen.isEmpty()) {
      return true;
    }
    List<String> command = List.of("runs", "show", run);
    Result shown = cli.run(command.toArray(String[]::new));
    assertThat(shown.exit()).as("%s", shown).isIn(0, 2);
    assertNobodyIsLeft(command);
    return shown.exit() == 0;
  }

  private Result toItsEnd(List<String> command) {
    Result result = cli.run(with(command, "json"));
    assertNobodyIsLeft(command);
    return result;
  }

  /**
   * As a person would: what the world saw was done, what it did not see is made again. The engine
   * may be killed once more while it goes on, as is drawn.
   */
  private Result decide(String run, Result result, @Nullable Random by) {
    Result now = result;
    for (int asked = 0; now.exit() == 8 && asked < MOST_DECISIONS; asked++) {
      String step = now.json().get("pending").get(0).get("step").asString();
      Event.ToolCalled call = lastCall(run, step);
      long n = call.arguments().get("n").asLong();
      String decision =
          work().containsKey(call.tool() + " " + n)
              ? "{\"decision\":\"done\",\"output\":{\"doubled\":" + 2 * n + "}}"
              : "{\"decision\":\"retry\"}";
      List<String> command = new ArrayList<>(resumeCommand(run));
      command.addAll(List.of("--answer", step + "=" + decision));
      if (by != null && by.nextBoolean()) {
        kill(command, by);
        command = resumeCommand(run);
      }
      now = toItsEnd(command);
    }
    return now;
  }

  private Event.ToolCalled lastCall(String run, String step) {
    return Journaled.of(cli.home(), run).all(Event.ToolCalled.class).stream()
        .filter(called -> called.step().toString().equals(step))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private List<String> runCommand(String run) {
    List<String> command = new ArrayList<>(List.of("run", file, "--run-id", run));
    command.addAll(options);
    return command;
  }

  private static List<String> resumeCommand(String run) {
    return List.of("resume", run, "--yes");
  }

  private static String[] with(List<String> command, String format) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of("-o", format));
    return whole.toArray(String[]::new);
  }

  /** How each step ended, after how many attempts. */
  private static Map<String, String> endings(Result result) {
    Map<String, String> endings = new TreeMap<>();
    for (Map.Entry<String, JsonNode> step : result.json().get("steps").properties()) {
      JsonNode how = step.getValue();
      endings.put(step.getKey(), how.get("status").asString() + " " + how.get("attempts"));
    }
    return endings;
  }

  private Recovery recovery(String run) {
    return Recovery.of(Journaled.of(cli.home(), run).events());
  }

  /** The journal shows the same facts as without a crash; the world saw each payment once. */
  private void assertNothingIsRepeated(String run) {
    Recovery recovery = recovery(run);
    recovery.assertNothingIsRepeated();
    assertThat(recovery.facts()).as("facts of run %s", run).isEqualTo(expectedFacts);
    Map<String, List<String>> work = work();
    assertThat(work.keySet()).as("what the world saw of run %s", run).isEqualTo(expectedWork);
    work.forEach(
        (what, keys) -> {
          assertThat(Set.copyOf(keys)).as("keys of %s in run %s", what, run).hasSize(1);
          if (what.startsWith("pay ") || what.startsWith("refund ")) {
            assertThat(keys).as("%s in run %s", what, run).hasSize(1);
          } else if (what.startsWith("put ")) {
            assertThat((long) keys.size())
                .as("%s in run %s", what, run)
                .isLessThanOrEqualTo(recovery.calls(keys.getFirst()));
          }
        });
    hit += recovery.hits().size();
    doubts += recovery.doubts();
    for (Set<String> calls : recovery.hits()) {
      calls.forEach(call -> hits.merge(call, 1, Integer::sum));
      if (calls.isEmpty()) {
        hits.merge("moment between calls", 1, Integer::sum);
      }
    }
  }

  /** The keys with which each piece of work was done, as the ledger has them. */
  private Map<String, List<String>> work() {
    Path ledger = folder.resolve("ledger.txt");
    try {
      List<String> lines = Files.exists(ledger) ? Files.readAllLines(ledger) : List.of();
      return lines.stream()
          .map(line -> line.split(" ", -1))
          .collect(
              Collectors.groupingBy(
                  words -> words[0] + " " + words[1],
                  TreeMap::new,
                  Collectors.mapping(words -> words[2], Collectors.toList())));
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

  private void assertNobodyIsLeft(List<String> command) {
    assertThat(left().stream().map(process -> process.pid() + " " + process.info()))
        .as("processes left behind after %s", command)
        .isEmpty();
  }

  /** The processes that carry our mark, whoever their parent is now. */
  private List<ProcessHandle> left() {
    return ProcessHandle.allProcesses()
        .filter(process -> environment(process).contains(MARK + "=" + folder + "\0"))
        .toList();
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc/" + process.pid() + "/environ"), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }

  @Override
  public void close() {
    left().forEach(ProcessHandle::destroyForcibly);
  }
}
