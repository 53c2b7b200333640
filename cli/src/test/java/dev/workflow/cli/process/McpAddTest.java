package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.json.JsonMapper;

/** Many processes that add servers to one file, and such that are killed while they do. */
@Execution(ExecutionMode.CONCURRENT)
class McpAddTest {
  private static final int AT_ONCE = 8;
  private static final int EVERY_DAY = 24;
  private static final int LONG = 200;
  private static final int KILLS = 100;

  private final Path folder;
  private final Path file;
  private final Cli cli;

  McpAddTest(@TempDir Path folder) throws IOException {
    this.folder = Files.createDirectories(folder.toRealPath().resolve("project"));
    this.file = this.folder.resolve(".mcp.json");
    this.cli = new Cli(folder.toRealPath().resolve("home"), this.folder);
  }

  private String[] add(String name) {
    return new String[] {
      "mcp", "add", "-s", "project", "--workspace", folder.toString(), name, "--", "cmd", name
    };
  }

  private Set<String> servers() throws IOException {
    return new LinkedHashSet<>(
        JsonMapper.shared().readTree(Files.readString(file)).path("mcpServers").propertyNames());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void processesThatAddAtTheSameTimeLoseNothing() throws Exception {
    addAll(EVERY_DAY);
  }

  @Test
  @Tag("endurance")
  void twoHundredProcessesThatAddAtTheSameTimeLoseNothing() throws Exception {
    addAll(LONG);
  }

  private void addAll(int count) throws Exception {
    List<Future<Result>> all = new ArrayList<>();
    try (ExecutorService people = Executors.newFixedThreadPool(AT_ONCE)) {
      for (int i = 0; i < count; i++) {
        String[] line = add("s" + i);
        all.add(people.submit(() -> cli.run(line)));
      }
    }
    for (Future<Result> one : all) {
      assertThat(one.get().exit()).as("%s", one.get()).isZero();
    }
    assertThat(servers())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, count).mapToObj(i -> "s" + i).toList());
    assertThat(files()).containsExactly(".mcp.json");
  }

  /** Half of them are killed anywhere, the others when they have begun to write. */
  @Test
  @Tag("endurance")
  void aProcessKilledAtAnyMomentLeavesTheOldFileOrTheNewOne() throws Exception {
    assertThat(cli.run(add("first")).exit()).isZero();
    long begun = System.nanoTime();
    assertThat(cli.run(add("second")).exit()).isZero();
    int whole = (int) ((System.nanoTime() - begun) / 1_000_000);
    Random random = new Random(8);
    int before = 0;
    int after = 0;
    for (int round = 0; round < KILLS; round++) {
      Set<String> old = servers();
      String name = "s" + round;
      Started started = cli.start(add(name));
      boolean anywhere = round % 2 == 0;
      started.killAfter(
          anywhere ? CompletableFuture.completedFuture(true) : begunToWrite(started.process()),
          anywhere ? random.nextInt(whole + whole / 4) : random.nextInt(6));
      Set<String> now = servers();
      if (now.equals(old)) {
        before++;
      } else {
        after++;
        old.add(name);
        assertThat(now).as("round %d", round).isEqualTo(old);
      }
    }
    assertThat(before).isPositive();
    assertThat(after).isPositive();
    assertThat(cli.run(add("last")).exit()).isZero();
    assertThat(servers()).contains("first", "second", "last");
  }

  private CompletableFuture<Boolean> begunToWrite(Process process) {
    Path lock = folder.resolve(".mcp.json.lock");
    long leftBehind = lock.toFile().lastModified();
    CompletableFuture<Boolean> begun = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (process.isAlive() && lock.toFile().lastModified() == leftBehind) {
                Thread.onSpinWait();
              }
              begun.complete(true);
            });
    return begun;
  }
}
