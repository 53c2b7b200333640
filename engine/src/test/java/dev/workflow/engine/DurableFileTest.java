package dev.workflow.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir private Path folder;

  private List<String> below(String name) throws IOException {
    try (Stream<Path> children = Files.list(folder.resolve(name))) {
      return children.map(child -> child.getFileName().toString()).toList();
    }
  }

  private String mode(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }

  @Test
  void aFileIsReplacedAndNothingIsLeftBeside() throws IOException {
    Path file = folder.resolve("new/a.json");
    DurableFile.replace(file, "one".getBytes(UTF_8));
    DurableFile.replace(file, "two".getBytes(UTF_8));

    assertThat(file).hasContent("two");
    assertThat(below("new")).containsExactly("a.json");
  }

  @Test
  void aFileThatIsReplacedKeepsItsPermissions() throws IOException {
    Path file = Files.writeString(folder.resolve("a.json"), "one");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r-x"));
    DurableFile.replace(file, "two".getBytes(UTF_8));
    assertThat(mode("a.json")).isEqualTo("rw-rw-r-x");
  }

  @Test
  void whatCannotBeReplacedStaysAndNothingIsLeftBeside() throws IOException {
    Files.createDirectories(folder.resolve("a.json/full"));

    assertThatThrownBy(() -> DurableFile.replace(folder.resolve("a.json"), new byte[1]))
        .isInstanceOf(IOException.class);
    assertThat(below("a.json")).containsExactly("full");
    assertThat(below("")).containsExactly("a.json");
  }

  @Test
  void aPrivateFileIsItsOwnersAlone() throws IOException {
    Path file = folder.resolve("home/keys/a");
    DurableFile.replacePrivate(file, "one".getBytes(UTF_8));

    assertThat(file).hasContent("one");
    assertThat(mode("home/keys/a")).isEqualTo("rw-------");
    assertThat(mode("home/keys")).isEqualTo("rwx------");
  }
}
