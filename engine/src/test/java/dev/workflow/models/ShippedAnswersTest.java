package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Documents;
import dev.workflow.expression.CelExpressions;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ShippedAnswersTest {
  private static List<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("..", "workflows-examples"))) {
      return files
          .filter(file -> file.getFileName().toString().equals("answers.yaml"))
          .filter(file -> !file.toString().contains("target"))
          .toList();
    }
  }

  @Test
  void everyShippedScriptFitsItsSchemaAndCompiles() throws IOException {
    assertThat(shipped()).isNotEmpty();
    for (Path file : shipped()) {
      Documents.Tree tree = new YamlDocuments(new JsonSchemas()).tree(file, "answers.schema.json");
      assertThat(tree.problems()).isEmpty();
      assertThat(
              new ScriptedModels(Objects.requireNonNull(tree.value()), new CelExpressions())
                  .unusable(ModelRef.of("openai", "gpt-5")))
          .isEmpty();
    }
  }
}
