package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import dev.workflow.definition.SkillFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkillFilesTest {
  @TempDir Path folder = Path.of("unset");

  private void file(String name, byte[] bytes) throws IOException {
    Path file = folder.resolve("skill").resolve(name);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, bytes);
  }

  private void file(String name, String text) throws IOException {
    file(name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private SkillFiles.Found found() {
    return SkillFiles.of(folder.resolve("skill"), Set.of("text.md"));
  }

  private List<String> paths() {
    return found().files().stream().map(SkillFile::path).toList();
  }

  private List<String> messages() {
    return found().problems().stream().map(Problem::message).toList();
  }

  @Test
  void textsBesideTheInstructionsAreFoundInOrder() throws IOException {
    file("SKILL.md", "x");
    file("skill.yaml", "x");
    file("text.md", "x");
    file("references/b.md", "b");
    file("references/a.md", "a");
    file("references/SKILL.txt", "s");
    file("assets/deep/t.csv", "t");
    file("scripts/run.py", "p");
    file("LICENSE", "l");

    assertThat(found().files())
        .contains(new SkillFile("references/a.md", "a"))
        .extracting(SkillFile::path)
        .containsExactly(
            "LICENSE",
            "assets/deep/t.csv",
            "references/SKILL.txt",
            "references/a.md",
            "references/b.md",
            "scripts/run.py");
    assertThat(messages()).isEmpty();
  }

  @Test
  void picturesHiddenFilesCasesAndOtherSkillsAreNone() throws IOException {
    file("a.png", new byte[] {(byte) 0x89, 'P', 'N', 'G', 0});
    file("b.bin", new byte[SkillFiles.FILE_BYTES_MAX + 1]);
    file("c.txt", "nul\0");
    file(".git/config", "x");
    file(".env", "SECRET=1");
    file("cases/one.yaml", "x");
    file("node_modules/x/index.js", "x");
    file("inner/SKILL.md", "x");
    file("inner/more.md", "x");
    file("kept.md", "ü");
    file("a\nb.md", "x");

    assertThat(paths()).containsExactly("kept.md");
    assertThat(messages()).isEmpty();
  }

  @Test
  void noLinkIsFollowed() throws IOException {
    file("kept.md", "x");
    Path secret = Files.writeString(folder.resolve("secret.md"), "secret");
    Files.createSymbolicLink(folder.resolve("skill/link.md"), secret);
    Files.createSymbolicLink(folder.resolve("skill/up"), folder);

    assertThat(paths()).containsExactly("kept.md");
    assertThat(messages())
        .containsExactly("Links are not followed, so the agent cannot read link.md, up.");
  }

  @Test
  void moreThanIsKeptIsTold() throws IOException {
    file("a.md", "x".repeat(SkillFiles.FILE_BYTES_MAX));
    file("b.md", "x".repeat(SkillFiles.FILE_BYTES_MAX + 1));

    assertThat(paths()).containsExactly("a.md");
    assertThat(messages())
        .containsExactly(
            "The agent cannot read b.md: of a skill, 200 texts of at most 256 KiB each and 2 MiB"
                + " together are kept.");
    for (int i = 0; i < 10; i++) {
      file("c" + i + ".md", "x".repeat(SkillFiles.FILE_BYTES_MAX));
    }
    assertThat(paths()).hasSize(8);
  }

  @Test
  void noMoreFilesAreKeptThanCanBeListed() throws IOException {
    for (int i = 0; i < SkillFiles.FILES_MAX + 7; i++) {
      file("many/%03d.md".formatted(i), "x");
    }

    assertThat(paths()).hasSize(SkillFiles.FILES_MAX);
    assertThat(messages().getFirst()).contains("many/200.md, many/201.md", "and 2 more");
  }

  @Test
  void whatIsTooDeepIsToldAndNotRead() throws IOException {
    file("1/2/3/4/5/6/7/8/in.md", "x");
    file("1/2/3/4/5/6/7/8/9/out.md", "x");

    assertThat(paths()).containsExactly("1/2/3/4/5/6/7/8/in.md");
    assertThat(messages())
        .containsExactly("The agent cannot read 1/2/3/4/5/6/7/8/9: folders are looked at 8 deep.");
  }

  @Test
  void whatComesAfterAsManyFilesAsAreLookedAtIsTold() throws IOException {
    for (int i = 1; i < SkillFiles.LOOKED_AT_MAX; i++) {
      file("a/%04d.png".formatted(i), "\0");
    }
    assertThat(messages()).isEmpty();
    file("b.md", "x");
    file("c.md", "x");

    assertThat(paths()).isEmpty();
    assertThat(messages())
        .containsExactly(
            "The agent cannot read b.md and what comes after it: of a skill, 5,000 files and"
                + " folders are looked at.");
  }
}
