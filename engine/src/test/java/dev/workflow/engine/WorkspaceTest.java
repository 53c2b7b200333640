package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceTest {
  @TempDir private Path folder;

  @Test
  void itIsTheNearestFolderThatLooksLikeOne() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("a/b/c"));
    Files.createDirectories(folder.resolve(".git"));
    assertThat(Workspace.of(inner)).isEqualTo(folder);
    Files.writeString(folder.resolve("a/.mcp.json"), "{}");
    assertThat(Workspace.of(inner)).isEqualTo(folder.resolve("a"));
    Files.createDirectories(folder.resolve("a/b/skills"));
    assertThat(Workspace.of(inner)).isEqualTo(folder.resolve("a/b"));
  }

  @Test
  void aFileOfSkillsAndAFolderOfServersAreNone() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("a/b"));
    Files.createDirectories(folder.resolve(".git"));
    Files.writeString(inner.resolve("skills"), "");
    Files.createDirectories(inner.resolve(".mcp.json"));

    assertThat(Workspace.of(inner)).isEqualTo(folder);
  }
}
