package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.definition.Effect;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.ToolSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is written to a lock file is read from it, and nothing else is. */
class WorkflowLockTest {
  @TempDir private Path folder = Path.of("");

  private Path file() {
    return folder.resolve("workflow.lock");
  }

  private void change(Path in, String name, LockEntry entry) {
    WorkflowLock.change(
        in,
        in.resolve("workflow.lock"),
        lock -> {
          lock.put(name, entry);
          return true;
        });
  }

  /** An entry with so many tools. */
  static LockEntry entry(int tools) {
    SortedMap<String, ToolSpec> specs = new TreeMap<>();
    IntStream.range(0, tools)
        .mapToObj(i -> tool("t" + i, "Does " + tools))
        .forEach(tool -> specs.put(tool.fullName(), tool));
    SortedMap<String, SortedMap<String, String>> bindings = new TreeMap<>();
    bindings.put("agents/a", new TreeMap<>(Map.of("c", "s/t0", "d", "")));
    return new LockEntry(
        new TreeMap<>(Map.of("s", hash("s" + tools))),
        specs,
        bindings,
        new TreeMap<>(Map.of("k", hash("k"))));
  }

  private static String hash(String text) {
    return "sha256:" + Canonical.hash(text);
  }

  private static ToolSpec tool(String name, String description) {
    JsonNode schema = JsonMapper.shared().readTree("{\"type\":\"object\",\"b\":1,\"a\":[{}]}");
    return new ToolSpec(
        "s",
        name,
        name,
        description,
        schema,
        name.endsWith("1") ? schema : null,
        Effect.WRITE,
        name.endsWith("2"),
        Canonical.hash(name + description));
  }

  @Property(tries = 60)
  void whatIsWrittenIsReadAndItsOrderDoesNotMatter(
      @ForAll @IntRange(min = 0, max = 6) int count, @ForAll long seed) throws IOException {
    List<String> names = new ArrayList<>();
    Random random = new Random(seed);
    for (int i = 0; i < count; i++) {
      names.add("w" + i + (random.nextBoolean() ? "é\"\\\n/x~" : ".yaml"));
    }
    Path one = Files.createTempDirectory("lock");
    Path other = Files.createTempDirectory("lock");
    try {
      names.forEach(name -> change(one, name, entry(name.length())));
      Collections.shuffle(names, random);
      names.forEach(name -> change(other, name, entry(1)));
      names.forEach(name -> change(other, name, entry(name.length())));

      SortedMap<String, LockEntry> read =
          WorkflowLock.read(one.resolve("workflow.lock")).workflows();
      assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(names);
      read.forEach((name, entry) -> assertThat(entry).isEqualTo(entry(name.length())));
      if (count > 0) {
        assertThat(other.resolve("workflow.lock"))
            .hasSameBinaryContentAs(one.resolve("workflow.lock"));
      }
    } finally {
      SkillStore.delete(one);
      SkillStore.delete(other);
    }
  }

  @Test
  void whatAnotherVersionKeepsStays() throws IOException {
    change(folder, "w", entry(2));
    String text = Files.readString(file());
    Files.writeString(
        file(),
        text.replace(
                "\"workflows\": {\n    \"w\": {", "\"workflows\": {\n    \"w\": {\n\"new\": 1,")
            .replace("\"s/t0\": {", "\"s/t0\": {\"by\": \"me\",")
            .replace("\"version\": 1", "\"later\": [], \"version\": 1"));
    change(folder, "w", entry(3));

    assertThat(Files.readString(file())).contains("\"new\": 1", "\"by\": \"me\"", "\"later\": []");
    assertThat(WorkflowLock.read(file()).workflows().get("w")).isEqualTo(entry(3));
  }

  @Test
  void linesThatEndAsOnWindowsAreTheSame() throws IOException {
    change(folder, "w", entry(2));
    Files.writeString(file(), Files.readString(file()).replace("\n", "\r\n"));

    assertThat(WorkflowLock.read(file()).workflows().get("w")).isEqualTo(entry(2));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '"version": 1' | '<<<<<<< HEAD' | found the marks of a merge
          '"version": 1' | '"version": 1, "version": 1' | found a key that stands there twice
          '"tools"'      | '"servers"' | found a key that stands there twice
          '"version": 1' | '"version": 2' | Expected a lock file of version 1, found another
          '"s/t0"'       | '"t0"' | Expected the definition of a tool SERVER/TOOL at `/workflows/w/tools/t0`
          '"write"'      | '"wrote"' | Expected read, idempotent, write or destructive at `/workflows/w/tools/s~1t0/effect`
          '"s": "sha256:' | '"s": "sha1:' | Expected sha256: and 64 digits at `/workflows/w/servers/s`
          '"d": ""'      | '"d": null' | Expected the name of a tool at `/workflows/w/bindings/agents~1a/d`
          """)
  void whatIsDamagedIsToldAndStays(String part, String other, String message) throws IOException {
    change(folder, "w", entry(1));
    String damaged = Files.readString(file()).replace(part, other);
    Files.writeString(file(), damaged);

    assertThatThrownBy(() -> change(folder, "w", entry(2)))
        .isInstanceOf(SkillPackageException.class)
        .hasMessageContaining(message);
    assertThat(Files.readString(file())).isEqualTo(damaged);
  }

  @Test
  void whatIsNoEntryHasARuleOfItsOwn() throws IOException {
    change(folder, "w", entry(1));
    Files.writeString(file(), Files.readString(file()).replace("\"s/t0\"", "\"t0\""));

    assertThatThrownBy(() -> WorkflowLock.read(file())).hasMessageContaining("[lock-shape]");
  }

  @Test
  void whereverItIsCutThatIsTold() throws IOException {
    change(folder, "w", entry(1));
    String whole = Files.readString(file());
    for (int end = 1; end < whole.stripTrailing().length(); end += 7) {
      Files.writeString(file(), whole.substring(0, end));
      assertThatThrownBy(() -> WorkflowLock.read(file()))
          .isInstanceOf(SkillPackageException.class)
          .hasMessageContaining("[lock-damaged]");
    }
    Files.writeString(file(), "");
    assertThatThrownBy(() -> WorkflowLock.read(file())).isInstanceOf(SkillPackageException.class);
  }

  @Test
  void thoseWhoWriteAtATimeLoseNothingOfEachOther() {
    IntStream.range(0, 40).parallel().forEach(i -> change(folder, "w" + i, entry(i % 3)));

    assertThat(WorkflowLock.read(file()).workflows()).hasSize(40);
  }

  @Test
  void whoIsKilledLeavesTheOldOrTheNewFile() throws IOException, InterruptedException {
    for (int round = 0; round < 3; round++) {
      List<Process> writers = List.of(writer("one"), writer("two"));
      for (Process writer : writers) {
        BufferedReader said = writer.inputReader();
        for (int i = 0; i < 20 + 7 * round; i++) {
          assertThat(said.readLine()).isNotNull();
        }
      }
      writers.forEach(Process::destroyForcibly);
      for (Process writer : writers) {
        writer.waitFor();
      }
      WorkflowLock.read(file())
          .workflows()
          .forEach((name, entry) -> assertThat(entry).isEqualTo(entry(entry.tools().size())));
      assertThat(WorkflowLock.read(file()).workflows()).containsOnlyKeys("one", "two");
    }
    change(folder, "three", entry(1));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(each -> each.getFileName().toString()).filter(n -> n.endsWith(".lock")))
          .containsExactly("workflow.lock");
    }
  }

  private Process writer(String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            LockWriter.class.getName(),
            folder.toString(),
            file().toString(),
            name)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void aDriftSaysWhatWasLockedAndWhatWasFound() {
    LockEntry before = entry(2);
    LockEntry now =
        new LockEntry(
            new TreeMap<>(Map.of("s", hash("other"))),
            new TreeMap<>(Map.of("s/t0", tool("t0", "Does\u202e 3"), "s/t9", tool("t9", "New"))),
            new TreeMap<>(Map.of("agents/a", new TreeMap<>(Map.of("c", "s/t9")))),
            new TreeMap<>());

    assertThat(before.driftTo(now, server -> false))
        .extracting(LockEntry.Drift::text)
        .containsExactly(
            "skill `k`: locked %s, found none".formatted(hash("k").substring(0, 19)),
            "the entry of server `s`: locked %s, found %s"
                .formatted(hash("s2").substring(0, 19), hash("other").substring(0, 19)),
            "tool `s/t0`: description at character 5: was \"Does 2\", is now \"Does\\u{202e} 3\"",
            "tool `s/t1`: locked, found not in use or not offered",
            "tool `s/t9`: not locked, found in use",
            "capability `c` of agents/a: locked to `s/t0`, found `s/t9`",
            "capability `d` of agents/a: locked to no tool, found nothing that is locked");
    assertThat(before.driftTo(entry(2), server -> false)).isEmpty();
  }
}
