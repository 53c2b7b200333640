package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.mcp.ServerOrigin.Layer;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which servers a run uses when their files change while it goes on, and how many. */
class ServersOfRunsTest {
  private static final String TWICE =
      """
      steps:
        first: {tool: s/pid, with: {}}
        ok: {ask: "go on after {first}?"}
        second: {tool: s/pid, with: {}, needs: [ok]}
      """;

  private final RunWorld world;

  ServersOfRunsTest(@TempDir Path folder) throws IOException {
    this.world = new RunWorld(folder);
    world.write(Layer.USER, Map.of("s", server("one")));
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** A server that is another one for each name. */
  private static String server(String name, String... habits) {
    return Entries.fake(",'env':{'NAME':'" + name + "'}", habits);
  }

  private static String pid(RunState run, String step) {
    return Objects.requireNonNull(run.output(step)).asString();
  }

  private static StepError error(RunState run, String step) {
    return Objects.requireNonNull(run.step(step).error(), "there was no error");
  }

  @Test
  void anEntryThatChangesIsUsedByTheNextCall() throws IOException {
    RunState run = world.run(TWICE, () -> world.write(Layer.USER, Map.of("s", server("two"))));
    assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(pid(run, "second")).isNotEqualTo(pid(run, "first"));
    assertThat(world.notices)
        .containsExactly(
            "server 's' is another one now, by "
                + world.file(Layer.USER)
                + ": this counts from the next call on");
  }

  @Test
  void aServerWhoseEntryStaysGoesOn() throws IOException {
    RunState run =
        world.run(
            TWICE,
            () -> world.write(Layer.USER, Map.of("other", server("two"), "s", server("one"))));
    assertThat(pid(run, "second")).isEqualTo(pid(run, "first"));
    assertThat(world.notices).isEmpty();
  }

  @Test
  void anEntryThatIsStartedAsBeforeKeepsItsProcess() throws IOException {
    String slower = Entries.fake(",'env':{'NAME':'one'},'timeout':90000");
    RunState run = world.run(TWICE, () -> world.write(Layer.USER, Map.of("s", slower)));
    assertThat(pid(run, "second")).isEqualTo(pid(run, "first"));
    assertThat(world.notices).hasSize(1);
  }

  @Test
  void aToolThatAnotherServerDefinesOtherwiseStopsTheRun() throws IOException {
    RunState run =
        world.run(TWICE, () -> world.write(Layer.USER, Map.of("s", server("two", "rewords"))));
    assertThat(run.status()).isEqualTo(RunStatus.WAITING);
    assertThat(run.failuresAsked().values())
        .singleElement()
        .satisfies(
            error -> {
              assertThat(error.kind()).isEqualTo(ErrorKind.TOOL_CHANGED);
              assertThat(error.details()).anyMatch(line -> line.contains("differently"));
            });
  }

  @Test
  void anEntryOfTheWorkspaceThatChangesIsNotStartedBeforeItIsApproved() throws IOException {
    world.write(Layer.USER, Map.of());
    world.write(Layer.WORKSPACE, Map.of("s", server("one")));
    world.approve(
        Objects.requireNonNull(
            world.engine().serversOf(world.workspace).entries().get("s"), "the entry"));
    RunState run = world.run(TWICE, () -> world.write(Layer.WORKSPACE, Map.of("s", server("two"))));
    assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    assertThat(error(run, "second").kind()).isEqualTo(ErrorKind.FORBIDDEN);
    assertThat(error(run, "second").message())
        .isEqualTo(
            "server 's' is another one since the run began, by "
                + world.file(Layer.WORKSPACE)
                + ", and not approved; look at it: workflow mcp trust s --workspace "
                + world.workspace.toAbsolutePath());
    assertThat(error(run, "second").details()).anyMatch(line -> line.contains("command"));
  }

  @Test
  void anEntryOfTheWorkspaceThatHidesTheUsersIsNotStartedBeforeItIsApproved() throws IOException {
    RunState run = world.run(TWICE, () -> world.write(Layer.WORKSPACE, Map.of("s", server("two"))));
    assertThat(error(run, "second").kind()).isEqualTo(ErrorKind.FORBIDDEN);
  }

  @Test
  void aServerThatIsTakenOutIsNotCalled() throws IOException {
    RunState run = world.run(TWICE, () -> world.write(Layer.USER, Map.of()));
    assertThat(error(run, "second").message())
        .isEqualTo("server 's' was taken out of " + world.file(Layer.USER));
  }

  @Test
  void aServerThatIsSwitchedOffIsNotCalled() throws IOException {
    String off = Entries.fake(",'env':{'NAME':'one'},'enabled':false");
    RunState run = world.run(TWICE, () -> world.write(Layer.USER, Map.of("s", off)));
    assertThat(error(run, "second").message())
        .isEqualTo("server 's' is switched off in " + world.file(Layer.USER));
  }

  @Test
  void aFileThatCannotBeReadCountsAsItWasAndIsToldOnce() throws IOException {
    RunState run =
        world.run(
            """
            steps:
              first: {tool: s/pid, with: {}}
              ok: {ask: "go on after {first}?"}
              second: {tool: s/pid, with: {}, needs: [ok]}
              third: {tool: s/pid, with: {}, needs: [second]}
            """,
            () -> Files.writeString(world.file(Layer.USER), "{\"mcpServers\": {\"s\": "));
    assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(pid(run, "first")).isEqualTo(pid(run, "second")).isEqualTo(pid(run, "third"));
    assertThat(world.notices)
        .singleElement()
        .asString()
        .startsWith(world.file(Layer.USER) + " cannot be read as it is now, its servers stay");
  }

  @Test
  void aResumedRunUsesWhatItsFilesSayByThen() throws IOException {
    RunState asks = world.runAlone("r", TWICE);
    assertThat(asks.status()).isEqualTo(RunStatus.WAITING);
    world.restart();
    world.write(Layer.USER, Map.of("s", server("two", "rewords")));
    assertThat(world.resume("r", () -> {}).failuresAsked().values())
        .extracting(StepError::kind)
        .containsExactly(ErrorKind.TOOL_CHANGED);
  }

  @Test
  void aResumedRunNeedsNoFiles() throws IOException {
    world.runAlone("r", TWICE);
    world.restart();
    Files.delete(world.file(Layer.USER));
    assertThat(world.resume("r", () -> {}).status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aLockedRunKeepsTheServersThatItBeganWithAlsoWhenItIsResumed() throws IOException {
    world.lock();
    RunState run = world.run(TWICE, () -> world.write(Layer.USER, Map.of("s", server("two"))));
    assertThat(pid(run, "second")).isEqualTo(pid(run, "first"));

    world.write(Layer.USER, Map.of("s", server("one")));
    world.lock();
    world.runAlone("again", TWICE);
    world.restart();
    world.write(Layer.USER, Map.of("s", server("two", "rewords")));
    assertThat(world.resume("again", () -> {}).status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(world.notices).isEmpty();
  }

  @Test
  void fiftyAgentsThatShareAServerStartItOnce() throws IOException {
    Files.writeString(
        world.workspace.resolve("answers.yaml"),
        """
        answers:
          - agent: a
            turns:
              - calls: [{tool: pid, with: {}}]
              - answer: "${tools.pid}"
        """);
    Path starts = world.home.resolve("starts");
    world.write(Layer.USER, Map.of("s", Entries.fake(",'env':{'STARTS':'" + starts + "'}")));
    StringBuilder yaml =
        new StringBuilder("simulate: answers.yaml\nlimits: {concurrency: 64}\n")
            .append("agents: {a: {servers: [s]}}\nsteps:\n");
    for (int i = 0; i < 50; i++) {
      yaml.append("  a").append(i).append(": {agent: a, prompt: which process?}\n");
    }
    RunState run = world.run(yaml.toString(), () -> {});
    assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    Set<String> pids = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      pids.add(pid(run, "a" + i));
    }
    assertThat(pids).hasSize(1);
    assertThat(Files.readAllLines(starts)).hasSize(1);
  }
}
