package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ProblemText;
import dev.workflow.schema.JsonSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The whole text of every message. Each file below {@code problems} holds a workflow, a line of
 * equals signs, and what is said of it; {@code -Dgolden.update=true} writes what is said now.
 */
class ProblemMessagesTest {
  private static final Path FOLDER = Path.of("src/test/resources/dev/workflow/yaml/problems");
  private static final String LINE = "=====\n";
  private static final int CASES_AT_LEAST = 60;
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");

  private final YamlDocuments documents = new YamlDocuments(new JsonSchemas());

  @TestFactory
  Stream<DynamicTest> eachMistakeIsExplained() {
    return cases().stream()
        .map(file -> DynamicTest.dynamicTest(sentence(file), () -> explains(file)));
  }

  @Test
  void noCaseIsLost() {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(CASES_AT_LEAST);
  }

  private void explains(Path file) throws IOException {
    String whole = Files.readString(file);
    int line = whole.indexOf(LINE);
    String text = whole.substring(0, line);
    String said = ProblemText.of(documents.workflow("w.yaml", text).problems()) + "\n";
    if (UPDATE) {
      Files.writeString(file, text + LINE + said);
    }
    assertThat(said).isNotBlank().isEqualTo(whole.substring(line + LINE.length()));
  }

  private static List<Path> cases() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sentence(Path file) {
    return file.getFileName().toString().replace(".txt", "").replace('-', ' ');
  }
}
