package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a person is asked about is what the workflow uses. */
class UntrustedServersTest {
  @TempDir private Path folder;

  private List<String> asked(String workflow) throws IOException {
    Files.writeString(
        folder.resolve(".mcp.json"),
        "{\"mcpServers\": {\"met\": {\"command\": \"x\"}, \"other\": {\"command\": \"y\"}}}");
    Path file = Files.writeString(folder.resolve("flow.yaml"), "name: flow\n" + workflow);
    Home home = new Home(folder.resolve("home"), null, Map.of("OPENAI_API_KEY", "k"), List.of());
    try (WorkflowEngine engine = new WorkflowEngine(home)) {
      Checked checked =
          engine.check(new CheckRequest(file, null, false, ModelWishes.NONE, Map.of()), Set.of());
      assertThat(checked.definition()).as("%s", checked.problems()).isNotNull();
      return engine.untrusted(checked, Set.of()).stream()
          .map(question -> question.entry().alias())
          .toList();
    }
  }

  @Test
  void theServersOfAnAgentsToolsAreAskedAbout() throws IOException {
    String steps = "models: {m: openai/gpt-5}\nsteps: {s: {agent: a, prompt: p}}\n";
    assertThat(asked(steps + "agents: {a: {model: m, tools: [met/x]}}\n")).containsExactly("met");
    assertThat(asked(steps + "agents: {a: {model: m, servers: [met]}}\n")).containsExactly("met");
    assertThat(asked(steps + "agents: {a: {model: m}}\n")).isEmpty();
  }

  @Test
  void theServersOfWhatAPlanMayCallAreAskedAbout() throws IOException {
    assertThat(
            asked(
                """
                models: {m: openai/gpt-5}
                agents: {a: {model: m}}
                steps: {s: {plan: a, prompt: p, allow: {tools: [met/x]}}}
                """))
        .containsExactly("met");
  }

  @Test
  void theServersOfBindingsAreAskedAbout() throws IOException {
    Files.createDirectories(folder.resolve("skills/sky"));
    Files.writeString(
        folder.resolve("skills/sky/skill.yaml"),
        "name: sky\ndescription: d\ncapabilities: {required: [weather_forecast]}\n");
    Files.writeString(folder.resolve("skills/sky/instructions.md"), "Look.\n");
    assertThat(
            asked(
                """
                models: {m: openai/gpt-5}
                bindings: {weather_forecast: met/x}
                agents: {a: {model: m, skill: sky, servers: [other]}}
                steps: {s: {agent: a, prompt: p}}
                """))
        .containsExactlyInAnyOrder("met", "other");
  }
}
