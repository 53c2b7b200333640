package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Documents.Source;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ServerPromptsTest {

  private static JsonNode document(String text) {
    return Yaml.sound(text).document();
  }

  /** The needs of the steps that have some. */
  private static Map<String, List<String>> needs(JsonNode document) {
    return document.path("steps").properties().stream()
        .filter(step -> step.getValue().has("needs"))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                step ->
                    step.getValue().path("needs").valueStream().map(JsonNode::asString).toList()));
  }

  @Test
  void aPromptIsGotByAStepForWhichAllWhoRunTheAgentWait() {
    JsonNode document =
        document(
            """
            inputs: {city: string}
            agents:
              writer: {instructions: {prompt: docs/style/short, with: {of: "${city}"}}}
              other: {}
            steps:
              x: {set: 1}
              a: {agent: writer, prompt: p, needs: [x]}
              g: {each: "z in [1]", steps: {b: {steps: {c: {agent: writer, prompt: p}}}}}
              d: {agent: "${x == 1 ? 'writer' : 'other'}", prompt: p}
              e: {plan: other, prompt: p, allow: {agents: [writer]}}
              f: {workflow: "${e}"}
              h: {tool: t/a, on_error: {replan: writer}}
              i: {tool: t/a, undo: {agent: writer, prompt: p}}
              j: {agent: other, prompt: p}
            """);

    assertThat(document.at("/agents/writer/instructions"))
        .isEqualTo(Yaml.json("{\"step\": \"writer_instructions\"}"));
    assertThat(document.at("/steps/writer_instructions"))
        .isEqualTo(
            Yaml.json(
                """
                {"tool": "docs/prompts/get", "on_error": "fail",
                 "with": {"name": "style/short", "arguments": {"of": "${city}"}}}\
                """));
    assertThat(needs(document))
        .containsOnlyKeys("a", "g", "d", "e", "h", "i")
        .containsEntry("a", List.of("x", "writer_instructions"))
        .containsEntry("g", List.of("writer_instructions"));
  }

  @Test
  void whatWasWrittenOutIsReadAgainAsItIs() {
    JsonNode document =
        document(
            """
            agents: {w: {instructions: {prompt: docs/style}}}
            on_error: {replan: w}
            steps: {x: {set: 1}, a: {agent: w, prompt: p}}
            """);

    assertThat(document(document.toString())).isEqualTo(document);
    assertThat(needs(document)).containsOnlyKeys("x", "a");
  }

  @Test
  void anAgentInsideAStepHasAPromptOfItsOwn() {
    JsonNode document =
        document(
            """
            inputs: {b_instructions: string}
            steps:
              a: {set: 1}
              g: {steps: {b: {agent: {instructions: {prompt: docs/style}}, prompt: p}}}
            """);

    assertThat(document.at("/steps").propertyNames()).containsExactly("b_instructions_2", "a", "g");
    assertThat(needs(document)).isEqualTo(Map.of("g", List.of("b_instructions_2")));
  }

  @Test
  void anyStepMayGiveTheInstructions() {
    JsonNode document =
        document(
            """
            agents: {w: {instructions: {step: brief}}}
            steps:
              brief: {set: Be brief.}
              a: {agent: w, prompt: p}
            """);

    assertThat(needs(document)).isEqualTo(Map.of("a", List.of("brief")));
  }

  @Test
  void whatIsWrittenOutStandsWhereTheAuthorWroteIt() {
    Source source =
        Yaml.read(
                """
                agents: {w: {instructions: {prompt: docs/style, with: {a: "${b}"}}}}
                steps: {a: {agent: w, prompt: p}}
                """)
            .source();

    assertThat(Yaml.at(source.place("/steps/w_instructions/tool"))).startsWith("1:37 docs/style");
    assertThat(Yaml.at(source.inside("/steps/w_instructions/with/arguments/a", 2)))
        .startsWith("1:62 b}");
    assertThat(Yaml.at(source.place("/steps/a/needs/0"))).startsWith("1:37 docs/style");
  }
}
