package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShippedExamplesTest {

  static final Path EXAMPLES = Path.of("../workflows-examples");
  private static final Path SKILLS = Path.of("../skills");

  @ParameterizedTest
  @MethodSource("examples")
  void anExampleIsSoundAndCanBeRestored(Path file) {
    Reading reading = Yaml.DOCUMENTS.workflow(file);
    Workflow workflow = reading.workflow();

    assertThat(ProblemText.of(reading.problems())).isEmpty();
    assertThat(workflow).isNotNull();
    assertThat(Yaml.DOCUMENTS.restore(Yaml.json(workflow.document().toString())))
        .isEqualTo(workflow);
  }

  @ParameterizedTest
  @MethodSource("skills")
  void aSkillFitsItsSchema(Path file) {
    assertThat(ProblemText.of(Yaml.DOCUMENTS.tree(file, Shipped.SKILL).problems())).isEmpty();
  }

  @Test
  void thereAreExamples() {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(11);
    assertThat(skills()).isNotEmpty();
  }

  static List<Path> examples() {
    List<Path> examples = new ArrayList<>(files(EXAMPLES, 1, ".yaml"));
    examples.addAll(files(EXAMPLES.resolve("patterns"), 1, ".yaml"));
    examples.removeIf(file -> file.toString().endsWith(".cases.yaml"));
    return examples;
  }

  static List<Path> skills() {
    return files(SKILLS, 2, "skill.yaml");
  }

  private static List<Path> files(Path folder, int depth, String end) {
    try (Stream<Path> files = Files.walk(folder, depth)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
