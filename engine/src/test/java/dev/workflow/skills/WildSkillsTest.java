package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Skill;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Skills as they are published. What is tagged {@code wild} loads every {@code SKILL.md} below the
 * folder of checked-out repositories that {@code -Dskills.wild} names; what was found is printed
 * and written beside it as {@code wild.tsv}.
 */
class WildSkillsTest {
  private static final JsonSchemas VALIDATOR = new JsonSchemas();
  private static final SkillConversions CONVERSIONS =
      new SkillConversions(new YamlDocuments(VALIDATOR), VALIDATOR);
  private static final SkillReader READER =
      new SkillReader(new YamlDocuments(VALIDATOR), VALIDATOR, Vocabulary.shipped());

  @TempDir private Path folder = Path.of("unset");

  /** Folder, what the specification has against it; a dash: it is not to be used at all. */
  @ParameterizedTest
  @CsvSource({
    "blueprint, yaml-colon",
    "golang-patterns, skill-metadata",
    "laravel-verification, skill-field yaml-colon",
    "requesting-code-review, ''",
    "scientific-db-pubmed-database, skill-field skill-name",
    "spec-miner, skill-tools-form",
    "springboot-verification, yaml-colon",
    "swiftui-patterns, yaml-first-character",
    "team-communication-protocols, skill-field",
    "token-budget-advisor, yaml-colon",
    "verification-loop, -",
    "videodb, skill-field",
  })
  void publishedSkillsAreReadWithAWarningForEachDeviation(String name, String deviations)
      throws IOException {
    Path folder = Path.of("src", "test", "resources", "skills-wild", name);
    String text = Files.readString(folder.resolve("SKILL.md"));
    SkillReader.Reading lenient = READER.read(folder, name, false);
    List<Problem> strict = READER.read(folder, name, true).problems();

    assertThat(READER.export(folder, name).orElseThrow().markdown().text()).isEqualTo(text);
    if (lenient.skill() != null) {
      thereAndBack(folder);
    }
    assertThat(lenient.skill() == null).isEqualTo(deviations.equals("-"));
    if (lenient.skill() != null) {
      assertThat(rules(strict, Severity.ERROR)).isEqualTo(deviations);
      assertThat(rules(lenient.problems(), Severity.ERROR)).isEmpty();
      assertThat(lenient.skill().description()).hasSizeGreaterThan(10);
      assertThat(text).endsWith(lenient.skill().instructions().stripTrailing() + "\n");
      lenient.skill().files().forEach(file -> assertThat(file.text()).isNotEmpty());
    }
  }

  @Test
  @Tag("wild")
  void everySkillOfAGivenFolderOfRepositoriesLoadsAndIsWrittenAsItWas() throws IOException {
    String given = System.getProperty("skills.wild", "");
    assertThat(given).as("-Dskills.wild=FOLDER names a folder of repositories").isNotEmpty();
    List<String> lines = new ArrayList<>();
    List<String> failed = new ArrayList<>();
    Map<String, Integer> warnings = new TreeMap<>();
    int loaded = 0;
    for (Path file : skills(Path.of(given))) {
      Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
      String text = Files.readString(file, StandardCharsets.UTF_8);
      assertThat(SkillMarkdown.read(text).text()).isEqualTo(text);
      String name = String.valueOf(folder.getFileName());
      SkillReader.Reading reading = READER.read(folder, name, false);
      reading
          .problems()
          .forEach(
              problem ->
                  warnings.merge(problem.severity() + " " + problem.rule(), 1, Integer::sum));
      if (reading.skill() == null) {
        failed.add(file + " " + reading.problems().getFirst().message());
      } else {
        loaded++;
        thereAndBack(folder);
      }
      lines.add(line(file, reading.problems(), READER.read(folder, name, true).problems()));
    }
    System.out.println("loaded " + loaded + ", failed " + failed.size() + ", " + warnings);
    failed.forEach(System.out::println);
    Files.write(Path.of(given).resolve("wild.tsv"), lines);
    assertThat(loaded).isPositive();
  }

  /** Imported and exported again, a skill is the same, byte for byte. */
  private void thereAndBack(Path published) throws IOException {
    Path into = Files.createTempDirectory(folder, "skills");
    Conversion imported =
        CONVERSIONS.importing(SkillConversions.From.CLAUDE_SKILL, published, null, null);
    Path here = CONVERSIONS.write(imported, into, false);
    Skill skill = READER.read(here, imported.name(), false).skill();
    assertThat(skill).as("%s", published).isNotNull();
    Conversion exported =
        CONVERSIONS.exporting(Objects.requireNonNull(skill), SkillConversions.To.AGENT_SKILL);
    Path there = CONVERSIONS.write(exported, into.resolve("out"), false);

    assertThat(there.resolve("SKILL.md"))
        .as("%s", published)
        .hasSameBinaryContentAs(published.resolve("SKILL.md"));
    assertThat(exported.tree().hash()).isEqualTo(imported.tree().hash());
    assertThat(imported.report().kept()).contains("description", "instructions");
    SkillStore.delete(into);
  }

  private static String line(Path file, List<Problem> lenient, List<Problem> strict) {
    return file
        + "\t"
        + rules(lenient, Severity.ERROR)
        + "\t"
        + rules(lenient, Severity.WARNING)
        + "\t"
        + rules(strict, Severity.ERROR);
  }

  private static String rules(List<Problem> problems, Severity severity) {
    return String.join(
        " ",
        problems.stream()
            .filter(problem -> problem.severity() == severity)
            .map(problem -> problem.rule().id())
            .distinct()
            .sorted()
            .toList());
  }

  private static List<Path> skills(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.endsWith("SKILL.md") && Files.isRegularFile(file))
          .sorted()
          .toList();
    }
  }
}
