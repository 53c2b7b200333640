package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunDigestTest {
  private static final String WORKFLOW =
      """
      name: trip
      inputs: {place: string}
      models: {m: openai/x}
      mcp: {t: {command: t}}
      agents: {a: {model: m}}
      steps: {one: {agent: a, prompt: "plan {place}"}}
      """;

  @TempDir private Path folder;
  private WorkflowEngine engine;

  @BeforeEach
  void open() {
    engine =
        new WorkflowEngine(
            new Home(folder.resolve("home"), null, Map.of("OPENAI_API_KEY", "k"), List.of()));
  }

  @AfterEach
  void close() {
    engine.close();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private RunDigest digest(
      String workflow,
      String file,
      String inputs,
      Limits limits,
      ModelWishes wishes,
      String shown) {
    try {
      Path path = Files.writeString(folder.resolve(file), workflow);
      Checked checked =
          engine.check(new CheckRequest(path, null, false, wishes, Map.of()), Set.of());
      return engine.digest(
          Objects.requireNonNull(checked.definition()), json(inputs), limits, json(shown));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private RunDigest digest(String workflow) {
    return digest(workflow, "w.yaml", "{}", Limits.DEFAULT, ModelWishes.NONE, "{}");
  }

  @Test
  void whatDecidesNothingChangesNothing() {
    RunDigest digest = digest(WORKFLOW);

    assertThat(digest.text()).matches("[0-9a-f]{32}(-[0-9a-f]{8}){5}");
    assertThat(digest(WORKFLOW)).isEqualTo(digest);
    assertThat(digest("# a comment\n" + WORKFLOW)).isEqualTo(digest);
    assertThat(digest(WORKFLOW, "other.yaml", "{}", Limits.DEFAULT, ModelWishes.NONE, "{}"))
        .isEqualTo(digest);
    assertThat(RunDigest.parse(" " + digest.text() + "\n")).isEqualTo(digest);
    assertThat(digest.differences(digest)).isEmpty();
  }

  @Test
  void eachPartThatDiffersIsNamed() {
    RunDigest digest = digest(WORKFLOW);
    Limits limits = Limits.DEFAULT.with("tool_calls", "3");
    ModelWishes other =
        new ModelWishes(
            false, false, Map.of(), Map.of("m", ModelRef.parse("openai/y")), m -> Optional.empty());

    assertThat(digest.differences(digest(WORKFLOW.replace("plan {", "see {"))))
        .containsExactly("the steps, agents or skills");
    assertThat(digest.differences(digest(WORKFLOW.replace("command: t", "command: u"))))
        .containsExactly("the steps, agents or skills", "the tools or servers");
    assertThat(digest.differences(digest(WORKFLOW, "w.yaml", "{}", Limits.DEFAULT, other, "{}")))
        .containsExactly("the models, their prices or scripted answers");
    assertThat(
            digest.differences(
                digest(WORKFLOW, "w.yaml", "{'place':'x'}", limits, ModelWishes.NONE, "{}")))
        .containsExactly("the inputs", "the limits");
    assertThat(
            digest.differences(
                digest(WORKFLOW, "w.yaml", "{}", Limits.DEFAULT, ModelWishes.NONE, "{'a':1}")))
        .containsExactly("what is shown of it");
  }

  @Test
  void anotherWordIsNoDigest() {
    assertThatThrownBy(() -> RunDigest.parse("abc"))
        .hasMessage("expected a digest as --dry-run prints it, found 'abc'");
  }
}
