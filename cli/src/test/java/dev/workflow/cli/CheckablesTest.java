package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckablesTest {
  @TempDir private Path folder = Path.of("unset");

  @BeforeEach
  void files() throws IOException {
    file("b.yaml", "steps: {one: {set: 1}}\n");
    file("a.yml", "flow: []\n");
    file("answers.yaml", "answers: []\n");
    file("deep/er/c.yaml", "steps: {one: {set: 1}}\n");
    file("deep/notes.txt", "steps:\n");
    file("skills/plan/skill.yaml", "name: plan\n");
    file("skills/plan/workflow.yaml", "steps: {one: {set: 1}}\n");
    file("skills/read/SKILL.md", "---\nname: read\n---\n");
    for (String left : List.of(".git", "target", "node_modules", "deep/build")) {
      file(left + "/no.yaml", "steps: {one: {set: 1}}\n");
    }
    Files.createSymbolicLink(folder.resolve("deep/loop"), folder);
  }

  private void file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private List<String> found(String path) {
    return Checkables.in(List.of(folder.resolve(path))).stream()
        .map(each -> folder.relativize(each.path()) + (each.isSkill() ? " skill" : ""))
        .toList();
  }

  @Test
  void aFolderMeansItsWorkflowsAndSkills() {
    assertThat(found(""))
        .containsExactly(
            "a.yml", "b.yaml", "deep/er/c.yaml", "skills/plan skill", "skills/read skill");
    assertThat(found("skills/plan")).containsExactly("skills/plan skill");
  }

  @Test
  void aFileOfASkillMeansTheSkill() {
    assertThat(found("skills/read/SKILL.md")).containsExactly("skills/read skill");
    assertThat(found("skills/plan/skill.yaml")).containsExactly("skills/plan skill");
    assertThat(found("skills/plan/workflow.yaml")).containsExactly("skills/plan/workflow.yaml");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "**/*.yaml | b.yaml deep/er/c.yaml skills/plan",
        "*.{yml,yaml} | a.yml b.yaml",
        "*.y?ml | b.yaml",
        "[ab].* | a.yml b.yaml",
        "[!a].yaml | b.yaml",
        "**/SKILL.md | skills/read",
        "skills/* | skills/plan skills/read",
        "de** | deep/er/c.yaml",
        "deep/**/c.yaml | deep/er/c.yaml",
        "[a-b].y* | a.yml b.yaml",
        "[]b].yaml | b.yaml",
      })
  void aPatternMeansWhatItMatches(String pattern, String files) {
    assertThat(found(pattern).stream().map(each -> each.replace(" skill", "")))
        .containsExactly(files.split(" "));
  }

  @Test
  void aFileIsTakenAsItIsNamedEvenWhereItLooksLikeAPattern() throws IOException {
    file("[x].yaml", "steps: {one: {set: 1}}\n");

    assertThat(found("[x].yaml")).containsExactly("[x].yaml");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[*].yaml",
        "[?].yaml",
        "[{b,c}].yaml",
        "deep[!x]er/c.yaml",
        "[b^&&].y*l",
        "[\\w].yaml"
      })
  void bracketsStandForOneCharacterAsItIsWritten(String pattern) throws IOException {
    Files.delete(folder.resolve("b.yaml"));
    file("&.yaml", "steps: {one: {set: 1}}\n");

    if (pattern.contains("&")) {
      assertThat(found(pattern)).containsExactly("&.yaml");
    } else {
      assertThatThrownBy(() -> found(pattern)).hasMessageContaining("it matches no workflow");
    }
  }

  /** Else a mistake of its own, that it is too large, would never be told. */
  @Test
  void aWorkflowThatIsTooLargeIsFoundAndADocumentThatIsLargeIsNot() throws IOException {
    String large = "# ".concat("x".repeat(1 << 20));
    file("large/w.yaml", "steps: {one: {set: 1}}\n" + large);
    file("large/other.yaml", "things: 1\n" + large);

    assertThat(found("large")).containsExactly("large/w.yaml");
  }

  @Test
  void whatMeansNothingIsAMistake() {
    assertThatThrownBy(() -> found("*.json"))
        .isInstanceOf(UsageException.class)
        .hasMessage("Pattern " + folder + "/*.json: it matches no workflow file and no skill.");
    assertThatThrownBy(() -> found("nowhere/**")).isInstanceOf(UsageException.class);
    assertThatThrownBy(() -> found("[a"))
        .hasMessage("Pattern " + folder + "/[a: a bracket or a brace does not end.");
  }

  @Test
  void theSameFileIsCheckedOnce() {
    Path file = folder.resolve("b.yaml");

    assertThat(Checkables.in(List.of(file, folder.resolve("*.yaml"), file))).hasSize(1);
  }
}
