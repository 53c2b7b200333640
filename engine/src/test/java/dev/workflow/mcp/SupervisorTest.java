package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import reactor.core.publisher.Mono;

@Isolated("How soon and how well a failure is told depends on what else runs.")
class SupervisorTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final Path home;
  private final ChildRegistry registry;
  private final Supervisor supervisor;

  SupervisorTest(@TempDir Path home) {
    this.home = home;
    this.registry = new ChildRegistry(home);
    this.supervisor =
        new Supervisor(
            registry, Map.of("PATH", System.getenv("PATH")), ProcessTree.Patience.DEFAULT);
  }

  @AfterEach
  void endChildren() {
    supervisor.close();
  }

  private Child start(String... habits) {
    return supervisor.start("fake", Fakes.launch(habits));
  }

  /** A child that is up, so that its habits are in force. */
  private Child ready(String... habits) {
    Child child = start(habits);
    Fakes.get(
        Connection.open("fake", new StdioTransport(child, 1_000_000), Permitted.NOTHING, LONG));
    return child;
  }

  private long processFrom(Child child, String tool) {
    Connection connection =
        Fakes.get(
            Connection.open("fake", new StdioTransport(child, 1_000_000), Permitted.NOTHING, LONG));
    return Long.parseLong(
        Fakes.get(
                connection.call(
                    tool, Fakes.arguments(), "k", CallTime.exactly(LONG), ignored -> {}))
            .path("content")
            .path(0)
            .path("text")
            .asString());
  }

  private static Duration timed(Runnable action) {
    long start = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private List<Path> registered() throws IOException {
    try (Stream<Path> files = Files.list(home.resolve("children"))) {
      return files.toList();
    }
  }

  @Test
  void aPoliteServerEndsAtEndOfInput() {
    Child child = ready();
    assertThat(timed(child::end)).isLessThan(Duration.ofSeconds(1));
    assertThat(child.ending()).isEqualTo("ended with exit code 0");
  }

  @Test
  void aServerThatIgnoresEndOfInputIsTerminated() {
    Child child = ready("ignores-end-of-input");
    assertThat(timed(child::end)).isBetween(Duration.ofMillis(1_400), Duration.ofMillis(2_900));
    assertThat(child.ending()).isEqualTo("was ended by signal 15");
  }

  @Test
  void serversThatIgnoreEvenTermAreKilledAllWithinFiveSeconds() {
    List<Child> children = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      children.add(ready("ignores-term"));
    }
    assertThat(timed(supervisor::close)).isLessThan(Duration.ofSeconds(5));
    assertThat(children).allMatch(child -> child.ending().equals("was ended by signal 9"));
  }

  @Test
  void whatAServerStartedEndsWithIt() {
    Child child = start();
    long grandchild = processFrom(child, "spawns");
    assertThat(Fakes.runs(grandchild)).isTrue();
    child.end();
    assertThat(Fakes.runs(grandchild)).isFalse();
  }

  @Test
  void aGrandchildWhoseParentIsGoneEndsToo() {
    Child child = start();
    long orphan = processFrom(child, "orphans");
    assertThat(Fakes.runs(orphan)).isTrue();
    child.end();
    assertThat(Fakes.runs(orphan)).isFalse();
  }

  @Test
  void aServerThatCrashesTakesItsGrandchildrenAlong() {
    Child child = start();
    long orphan = processFrom(child, "orphans");
    ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
    Fakes.await("the orphan ended", () -> !Fakes.runs(orphan));
  }

  @Test
  void aRunningChildIsRegisteredForItsUserAloneAndAnEndedOneIsNot() throws IOException {
    Child child = ready();
    assertThat(registered()).hasSize(1);
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(registered().getFirst())))
        .isEqualTo("rw-------");
    child.end();
    assertThat(registered()).isEmpty();
  }

  @Test
  void nothingStartsAfterClosing() throws IOException {
    supervisor.close();
    assertThat(Fakes.failure(Mono.fromCallable(() -> start())))
        .hasMessage("server 'fake' is not started any more: closing");
    assertThat(registered()).isEmpty();
  }

  @Test
  void childrenOfALivingOwnerAreLeftAlone() {
    Child child = ready();
    assertThat(registry.reap()).isEmpty();
    assertThat(child.isRunning()).isTrue();
  }

  @Test
  void whatAKilledOwnerLeftBehindIsReapedWithAllItsDescendants() throws IOException {
    Process owner = owner("ignores-term", "spawns-at-start");
    List<Long> left = pids(owner);
    owner.destroyForcibly().onExit().join();
    assertThat(left).hasSize(2).allMatch(Fakes::runs);

    List<ChildRegistry.Reaped> reaped = registry.reap();

    assertThat(reaped).hasSize(1);
    assertThat(reaped.getFirst().processes()).isEqualTo(2);
    assertThat(left).noneMatch(Fakes::runs);
    assertThat(registered()).isEmpty();
  }

  @Test
  void aPoliteServerOfAKilledOwnerEndsByItself() throws IOException {
    Process owner = owner("spawns-at-start");
    long server = pids(owner).getFirst();
    owner.destroyForcibly().onExit().join();
    Fakes.await("the server ended", () -> !Fakes.runs(server));
    assertThat(registry.reap()).hasSize(1);
  }

  @Test
  void anOwnerThatGoesDownByATermEndsItsChildrenItself() throws IOException {
    Process owner = owner("ignores-end-of-input", "spawns-at-start");
    List<Long> left = pids(owner);
    owner.destroy();
    owner.onExit().join();
    assertThat(left).noneMatch(Fakes::runs);
    assertThat(registered()).isEmpty();
  }

  @Test
  void anotherProcessWithAnOldProcessIdIsNotTouched() throws IOException {
    Process stranger = new ProcessBuilder("sleep", "1000").start();
    try {
      PrivateFiles.write(
          home.resolve("children/old.json"),
          "{\"mark\":\"\",\"server\":\"old\",\"owner\":{\"pid\":1,\"started\":\"2001-01-01T00:00:00Z\"},"
              + "\"child\":{\"pid\":"
              + stranger.pid()
              + ",\"started\":\"2001-01-01T00:00:00Z\"}}");
      assertThat(registry.reap()).isEmpty();
      assertThat(stranger.isAlive()).isTrue();
      assertThat(registered()).isEmpty();
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void anEntryThatIsGoneWhenItIsReadIsPassedOver() throws IOException {
    Files.createDirectories(home.resolve("children"));
    Files.createSymbolicLink(home.resolve("children/gone.json"), home.resolve("nowhere"));
    assertThat(registry.reap()).isEmpty();
  }

  @Test
  void aTornRegistryFileIsRemoved() throws IOException {
    PrivateFiles.write(home.resolve("children/torn.json"), "{\"mark\":\"x");
    assertThat(registry.reap()).isEmpty();
    assertThat(registered()).isEmpty();
  }

  private Process owner(String... habits) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Fakes.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                home.toString()));
    command.addAll(List.of(habits));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private static List<Long> pids(Process owner) throws IOException {
    BufferedReader reader = owner.inputReader(StandardCharsets.UTF_8);
    return Stream.of(reader.readLine().split(" ", -1)).map(Long::valueOf).toList();
  }
}
