package dev.workflow.mcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.engine.DurableFile.Step;
import dev.workflow.mcp.ServerLayers;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ServerFileTest {
  private final Path folder;
  private final ServerFile file;

  ServerFileTest(@TempDir Path folder) {
    this.folder = folder;
    this.file = ServerFile.ofWorkspace(folder);
  }

  private static JsonNode entry(String command) {
    return JsonMapper.shared().createObjectNode().put("command", command);
  }

  private ServerFile.Changed add(String name) {
    return file.change(name, before -> entry(name));
  }

  private List<String> servers() {
    return List.copyOf(ServerLayers.read(Layer.WORKSPACE, file.path(), folder).entries().keySet());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theFirstServerMakesTheFile() throws IOException {
    assertThat(add("a").written()).isTrue();
    assertThat(Files.readString(file.path()))
        .isEqualTo(
            """
            {
              "mcpServers": {
                "a": {
                  "command": "a"
                }
              }
            }
            """);
    assertThat(files()).containsExactly(".mcp.json");
    assertThat(add("a").written()).isFalse();
  }

  @Test
  void whatIsNotMeantKeepsEveryByteAndTheFileItsPermissions() throws IOException {
    String text = "{ \"own\" : 1,\n\"mcpServers\":{\"a\" :{\"command\":\"x\",\"zz\":[ ]} } }";
    Files.writeString(file.path(), text);
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-rw-r--"));

    add("b");

    assertThat(Files.readString(file.path()))
        .startsWith("{ \"own\" : 1,\n\"mcpServers\":{\"a\" :{\"command\":\"x\",\"zz\":[ ]}, ");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
        .isEqualTo("rw-rw-r--");
    file.change("b", before -> null);
    assertThat(Files.readString(file.path()).replaceAll(" +}", " }")).isEqualTo(text);
  }

  @Test
  void theUsersFileIsTheirsAlone() throws IOException {
    ServerFile own = ServerFile.ofUser(folder.resolve("home"), folder);
    own.change("a", before -> entry("x"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.path())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("home"))))
        .isEqualTo("rwx------");
    Files.setPosixFilePermissions(own.path(), PosixFilePermissions.fromString("rw-r--r--"));
    own.change("b", before -> entry("x"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.path())))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileThatIsALinkIsChangedWhereItLeads() throws IOException {
    Path real = Files.createDirectories(folder.resolve("dot")).resolve("servers.json");
    Files.writeString(real, "{\"servers\": {}}");
    Files.createSymbolicLink(file.path(), real);
    add("a");
    assertThat(Files.isSymbolicLink(file.path())).isTrue();
    assertThat(Files.readString(real))
        .contains("\"servers\"", "\"a\"")
        .doesNotContain("mcpServers");
    assertThat(servers()).containsExactly("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a/b", "a\nb", "a\ud800b", "\u0000"})
  void aNameThatNoToolCouldHaveIsRefused(String name) throws IOException {
    assertThatThrownBy(() -> add(name))
        .isInstanceOf(ServerFileException.class)
        .hasMessageContaining("a server name is text without '/'");
    assertThat(files()).isEmpty();
  }

  @Test
  void anEntryThatNobodyCouldStartIsRefusedAndOthersMayBeWrong() throws IOException {
    String text = "{\"mcpServers\": {\"bad\": {\"comand\": \"x\"}}}";
    Files.writeString(file.path(), text);
    assertThatThrownBy(
            () -> file.change("a", before -> JsonMapper.shared().readTree("{\"comand\": \"x\"}")))
        .isInstanceOf(ServerFileException.class)
        .hasMessageContaining("Did you mean `command`?")
        .hasMessageNotContaining("'bad'");
    assertThat(Files.readString(file.path())).isEqualTo(text);
    assertThat(add("b").written()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"mcpServers\": {",
        "[]",
        "{\"mcpServers\": []}",
        "{\"mcpServer\": {}}",
        "{\"mcpServers\": {\"a\": {}, \"a\": {}}}"
      })
  void aFileThatCannotBeReadIsNeverWritten(String text) throws IOException {
    Files.writeString(file.path(), text);
    assertThatThrownBy(() -> add("x")).isInstanceOf(ServerFileException.class);
    assertThat(Files.readString(file.path())).isEqualTo(text);
  }

  @Test
  void whatIsNoFileIsNeitherReadNorWrittenBeside() throws IOException {
    Path device = Files.createDirectories(folder.resolve("dev")).resolve("zero");
    Files.createSymbolicLink(device, Path.of("/dev/zero"));
    Files.createSymbolicLink(file.path(), device);
    assertThatThrownBy(() -> add("x"))
        .isInstanceOf(ServerFileException.class)
        .hasMessageContaining("is no ordinary file");
    assertThat(files()).containsExactly(".mcp.json", "dev");
  }

  @Test
  void aServerIsNotWrittenIntoAComment() throws IOException {
    Files.writeString(file.path(), "{\"mcpServers\": {\"a\": {\"command\": \"x\"} // note\n}}");
    add("b");
    assertThat(servers()).containsExactly("a", "b");
    assertThat(Files.readString(file.path())).contains(" // note\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"x-own\": 1}", "\uFEFF{ // nothing yet\n}"})
  void aFileWithoutServersGetsThem(String text) throws IOException {
    Files.writeString(file.path(), text);
    assertThat(file.names()).isEmpty();
    add("a");
    assertThat(servers()).containsExactly("a");
    assertThat(Files.readString(file.path())).startsWith(text.substring(0, 1));
  }

  @Test
  void anEmptyFileIsBegunAnew() throws IOException {
    Files.writeString(file.path(), "");
    add("a");
    assertThat(servers()).containsExactly("a");
  }

  @Test
  void twoHundredWritersAtOnceLoseNothing() throws Exception {
    try (ExecutorService writers = Executors.newFixedThreadPool(50)) {
      for (int i = 0; i < 200; i++) {
        String name = "server-" + i;
        writers.execute(() -> add(name));
      }
    }
    assertThat(servers()).hasSize(200);
    assertThat(files()).containsExactly(".mcp.json");
  }

  @Test
  void tenProcessesThatWriteAtOnceLoseNothing() throws Exception {
    List<Process> writers =
        "abcdefghij"
            .chars()
            .mapToObj(name -> writer("many", Character.toString(name), "4"))
            .toList();
    for (Process writer : writers) {
      assertThat(writer.waitFor()).isZero();
    }
    assertThat(servers()).hasSize(40);
    assertThat(files()).containsExactly(".mcp.json");
  }

  @Test
  void aLockFileThatLeadsElsewhereIsNotFollowed(@TempDir Path elsewhere) throws IOException {
    Path victim = Files.writeString(elsewhere.resolve("profile"), "alias x=y\n");
    Path lock = Files.createSymbolicLink(folder.resolve(".mcp.json.lock"), victim);
    assertThatThrownBy(() -> add("a"))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            lock + " is no lock: expected an ordinary file, found a link; delete it and try again");
    assertThat(Files.readString(victim)).isEqualTo("alias x=y\n");
    assertThat(files()).containsExactly(".mcp.json.lock");
  }

  @Test
  void aFileOfTheLocksNameWithTextInItIsLeftAlone() throws IOException {
    Path lock = Files.writeString(folder.resolve(".mcp.json.lock"), "mine\n");
    assertThatThrownBy(() -> add("a"))
        .hasMessage(lock + " is no lock: there is text in it; move it away and try again");
    assertThat(Files.readString(lock)).isEqualTo("mine\n");
    Files.writeString(lock, "\0\0\0\n");
    add("a");
    assertThat(files()).containsExactly(".mcp.json");
  }

  @Test
  void aWriterThatWaitsTooLongSaysForWhat() throws Exception {
    try (WriteLock lock = WriteLock.take(file.path(), java.time.Duration.ofSeconds(1))) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(
              () -> {
                try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                  other
                      .submit(() -> WriteLock.take(file.path(), java.time.Duration.ofMillis(20)))
                      .get();
                }
              })
          .hasMessageContaining("another process is changing " + file.path())
          .hasMessageContaining("nothing was written, try again");
    }
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void aProcessThatEndsAtAnyStepLeavesTheOldFileOrTheNewOne(Step step) throws Exception {
    add("old");
    String before = Files.readString(file.path());

    assertThat(writer("halt", "new", step.name()).waitFor()).isEqualTo(9);

    String after = Files.readString(file.path());
    if (step.compareTo(Step.MOVED) < 0) {
      assertThat(after).isEqualTo(before);
    } else {
      assertThat(servers()).containsExactly("old", "new");
    }
    add("next");
    assertThat(servers()).contains("old", "next");
  }

  @Test
  @Tag("soak")
  void aProcessKilledAtAnyMomentLeavesTheOldFileOrTheNewOne() throws Exception {
    add("first");
    java.util.Random random = new java.util.Random(4);
    for (int round = 0; round < 100; round++) {
      Process writer = writer("many", "round" + round + "-", "1000");
      TimeUnit.MILLISECONDS.sleep(150 + random.nextInt(400));
      writer.destroyForcibly().waitFor();
      assertThat(servers()).as("round %d", round).contains("first");
      Files.writeString(file.path(), "{\"mcpServers\": {\"first\": {\"command\": \"x\"}}}");
    }
  }

  private Process writer(String... how) {
    try {
      return new ProcessBuilder(
              Stream.concat(
                      Stream.of(
                          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                          "-XX:TieredStopAtLevel=1",
                          "-cp",
                          System.getProperty("java.class.path"),
                          Writer.class.getName(),
                          folder.toString()),
                      Stream.of(how))
                  .toList())
          .inheritIO()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another process that writes. */
  static final class Writer {
    private Writer() {}

    /** Adds many servers, or one, and is gone at a step of it. */
    public static void main(String[] arguments) {
      ServerFile file = ServerFile.ofWorkspace(Path.of(arguments[0]));
      if (arguments[1].equals("many")) {
        for (int i = 0; i < Integer.parseInt(arguments[3]); i++) {
          String name = arguments[2] + i;
          file.change(name, before -> entry(name));
        }
        return;
      }
      Step last = Step.valueOf(Objects.requireNonNull(arguments[3]));
      file.change(
          arguments[2],
          before -> entry("x"),
          step -> {
            if (step == last) {
              Runtime.getRuntime().halt(9);
            }
          });
    }
  }
}
