package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PatternsTest {

  private static final String ROUTER =
      "router: {agent: a, prompt: \"{q}?\", agents: {b: \"as {p}\", c: other}}";

  private static JsonNode steps(String text) {
    return Yaml.sound(text).document().path("steps");
  }

  @Test
  void aStepWithAPatternBecomesOneThatHoldsSteps() {
    Workflow workflow =
        Yaml.sound(
            "inputs: {q: string, p: string}\nsteps:\n  s: {when: q != '', %s}".formatted(ROUTER));

    assertThat(workflow.document().path("steps").path("s").propertyNames())
        .containsExactly("when", "steps", "outputs");
    assertThat(workflow.allSteps().stream().map(Step::name))
        .containsExactly("s", "s/choice", "s/work");
  }

  @Test
  void textsOfTheAuthorAreFoundInTheTextsMadeOfThem() {
    String text = "inputs: {q: string, p: string}\nsteps:\n  s: {%s}".formatted(ROUTER);
    Source source = Yaml.read(text).source();
    String made = steps(text).at("/s/steps/choice/prompt").asString();

    assertThat(Yaml.at(source.inside("/steps/s/steps/choice/prompt", made.indexOf("q}"))))
        .startsWith("3:36 q}?");
    assertThat(Yaml.at(source.inside("/steps/s/steps/choice/prompt", made.indexOf("p}"))))
        .startsWith("3:59 p}\"");
    assertThat(Yaml.at(source.inside("/steps/s/steps/choice/prompt", 0))).startsWith("3:55 as {p}");
    assertThat(Yaml.at(source.inside("/steps/s/steps/work/prompt", 1))).startsWith("3:36 q}?");
    assertThat(Yaml.at(source.place("/steps/s/steps/choice/agent"))).startsWith("3:23 a,");
    assertThat(Yaml.at(source.place("/steps/s/steps/work/agent"))).startsWith("3:50 {b:");
    assertThat(Yaml.at(source.key("/steps/s/outputs/answer"))).startsWith("3:7 router:");
  }

  @Test
  void aNameThatTheDocumentHasIsNotMadeAgain() {
    JsonNode steps =
        steps(
            """
            inputs: {work: string, start: string}
            steps:
              choice: {set: 1}
              out:
                each: plan in [1]
                steps:
                  s: {router: {agent: a, prompt: x, agents: {b: y}}}
                  h: {handoff: {agent: a, prompt: x, agents: {b: y}, hops: 1}}
                  d: {debate: {agents: {choice: x, s: y}, prompt: x, judge: a, rounds: 2}}
            """);

    assertThat(steps.at("/out/steps/s/steps").propertyNames())
        .containsExactly("choice_2", "work_2");
    assertThat(steps.at("/out/steps/s/outputs/to").asString()).isEqualTo("${choice_2.to}");
    assertThat(steps.at("/out/steps/h/steps").propertyNames())
        .containsExactly("start_2", "hop_1", "result");
    assertThat(steps.at("/out/steps/d/steps/round_2/steps").propertyNames())
        .containsExactly("choice_2", "s_2");
    assertThat(steps.at("/out/steps/d/steps/round_2/steps/s_2/agent").asString()).isEqualTo("s");
  }

  @Test
  void aPatternStandsInAFlowAndItsTextsNameInputs() {
    Workflow workflow =
        Yaml.sound(
            """
            agents: {a: {}, b: {}}
            flow:
              - a: "look at {thing}"
              - best: {optimizer: {agent: a, prompt: "a {colour} one", evaluator: b, criteria: "no {flaw}"}}
              - who: {router: {agent: a, prompt: go on, agents: {b: "knows {matter}"}}}
            """);

    assertThat(workflow.document().path("inputs").propertyNames())
        .containsExactly("thing", "colour", "flaw", "matter");
    assertThat(workflow.document().path("steps").path("who").propertyNames())
        .containsExactlyInAnyOrder("needs", "steps", "outputs");
    assertThat(workflow.document().at("/steps/who/needs/0").asString()).isEqualTo("best?");
  }

  @Test
  void aMistakeInAFlowIsFoundThroughBothForms() {
    String text =
        "agents: {a: {}}\nflow:\n  - s: {router: {agent: a, prompt: \"do {it}\", agents: {a: \"{it} {\"}}}";
    Source source = Yaml.read(text).source();

    assertThat(Yaml.at(source.inside("/steps/s/steps/work/prompt", 3))).startsWith("3:40 {it}");
  }

  /** What is left of a pattern with mistakes is not made a graph that has more of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "vote: {agents: [a, 1], prompt: x, choices: [c, d]}",
        "vote: {agents: [a], prompt: x, choices: [c]}",
        "router: {agent: a, prompt: x, agents: {}}",
        "router: {agent: a, prompt: x, agents: {b: 1}}",
        "debate: {agents: {a: x, b: y}, prompt: x, judge: [c]}",
        "handoff: {agent: \"${x}\", prompt: x, agents: {a: y}}",
        "handoff: {agent: a, prompt: x, agents: {a: y}, hops: 21}",
        "handoff: {agent: a, prompt: x, agents: {a: y}, output: {z: strng}}",
        "orchestrator: {agent: a, prompt: x, agents: {a: y}, parts: {max: 0}}",
        "optimizer: {agent: a, prompt: x, evaluator: b}",
        "optimizer: {agent: a, prompt: x, evaluator: b, criteria: c, else: retry}",
        "router: 3"
      })
  void oneMistakeIsOneProblem(String pattern) {
    assertThat(Yaml.read("steps:\n  s: {%s}\n".formatted(pattern)).problems()).hasSize(1);
  }

  @Test
  void anOutputIsTheContractOfTheAgentsThatAnswer() {
    JsonNode steps =
        steps(
            """
            steps:
              s: {handoff: {agent: a, prompt: x, agents: {b: y}, hops: 1, output: {n?: integer}}}
              t: {vote: {agents: [a, a, b], prompt: x, choices: [p, q]}}
            """);

    List<String> held = List.of("/steps/start", "/steps/hop_1", "/steps/result");
    for (String id : held) {
      assertThat(steps.at("/s" + id + "/output/properties/answer").toString())
          .isEqualTo(
              "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}},\"additionalProperties\":false}");
    }
    assertThat(steps.at("/t/steps/winner/output/enum").toString()).isEqualTo("[\"p\",\"q\"]");
    assertThat(steps.at("/t/steps/voters/set").toString()).isEqualTo("[\"a\",\"a\",\"b\"]");
    assertThat(steps.at("/t/steps/undecided/when").asString())
        .isEqualTo("not count.exists(c, c.votes >= 2)");
  }
}
