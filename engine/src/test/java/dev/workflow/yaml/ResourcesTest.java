package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Step;
import dev.workflow.engine.Documents.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ResourcesTest {

  private static JsonNode steps(String text) {
    return Yaml.sound(text).document().path("steps");
  }

  @Test
  void aResourceIsReadByAStepBeforeTheStepThatIsGivenIt() {
    JsonNode steps =
        steps(
            """
            inputs: {page: string}
            steps:
              first: {set: 1}
              review:
                tool: t/check
                when: first == 1
                needs: [first]
                retry: {max: 2}
                timeout: 5s
                on_error: continue
                effects: write
                with: {manual: {resource: "docs/file:///${page}"}, strict: true}
            """);

    assertThat(steps.propertyNames()).containsExactly("first", "review_manual", "review");
    assertThat(steps.path("review_manual"))
        .isEqualTo(
            Yaml.json(
                """
                {"when": "first == 1", "needs": ["first"], "retry": {"max": 2}, "timeout": "5s",
                 "on_error": "continue", "tool": "docs/resources/read",
                 "with": {"uri": "file:///${page}"}}\
                """));
    assertThat(steps.at("/review/with"))
        .isEqualTo(
            Yaml.json(
                """
                {"manual": "${review_manual.contents.all(c, has(c.text)) ? \
                review_manual.contents.map(c, c.text).join(\\"\\\\n\\") : review_manual.contents}",
                 "strict": true}\
                """));
  }

  @Test
  void aResourceStandsAtAnyDepthAndIsReadOnce() {
    JsonNode steps =
        steps(
            """
            inputs: {s_files: string}
            steps:
              s:
                skill: k
                with:
                  files: [{resource: "d/x:1"}, {of: {resource: "d/x:2"}}]
                  again: {resource: "d/x:1"}
              g:
                steps:
                  w: {workflow: other.yaml, with: {text: {resource: "d/x:1"}}}
                  c: {capability: search, with: {text: {resource: "d/x:1"}}}
            """);

    assertThat(steps.propertyNames()).containsExactly("s_resource", "s_of", "s", "g");
    assertThat(steps.at("/s/with/again")).isEqualTo(steps.at("/s/with/files/0"));
    assertThat(steps.at("/g/steps").propertyNames()).containsExactly("w_text", "w", "c_text", "c");
  }

  @Test
  void anElementReadsItsOwnInAStepInsideTheEach() {
    JsonNode steps =
        steps(
            """
            steps:
              all:
                each: x in [1]
                when: x > 0
                tool: t/check
                with: {page: {resource: "d/x:${run.id}"}}
              one:
                each: x in [1]
                steps: {of: {tool: t/check, with: {page: {resource: "d/x:${x}"}}}}
            """);

    assertThat(steps.path("all_page").has("when")).isFalse();
    assertThat(steps.at("/one/steps").propertyNames()).containsExactly("of_page", "of");
  }

  @Test
  void aNameThatTheDocumentHasIsNotMadeAgain() {
    assertThat(
            steps(
                    """
                    inputs: {s_p: string}
                    steps:
                      g: {steps: {s_p_2: {set: 1}}}
                      s: {tool: t/check, with: {p: {resource: "d/x:1"}}}
                    """)
                .propertyNames())
        .containsExactly("g", "s_p_3", "s");
  }

  @Test
  void whatIsWrittenOutStandsWhereTheAuthorWroteIt() {
    Source source =
        Yaml.read("steps:\n  s: {tool: t/a, with: {p: {resource: \"d/x:${y}\"}}}").source();

    assertThat(Yaml.at(source.inside("/steps/s_p/with/uri", 4))).startsWith("2:46 y}");
    assertThat(Yaml.at(source.place("/steps/s_p/tool"))).startsWith("2:40 d/x:");
    assertThat(Yaml.at(source.inside("/steps/s/with/p", 20))).startsWith("2:");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{resource: \"${'pods/web'}\"}",
        "{resource: d/x:1, namespace: default}",
        "{resource: [a]}",
        "{resources: d/x:1}",
        "resource"
      })
  void whatIsNoResourceStaysData(String value) {
    assertThat(Yaml.sound("steps: {s: {tool: t/a, with: {p: %s}}}".formatted(value)).allSteps())
        .extracting(Step::id)
        .containsExactly("s");
  }
}
