package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Reading;
import dev.workflow.engine.Documents.Source;
import org.junit.jupiter.api.Test;

class ShortFormTest {

  static final String SEED =
      """
      agents:
        planner:
          model: gpt-5
          skill: travel-plan
        researcher:
          model: local-llama
          servers: [search]
        verifier:
          model: reasoning-model
          skill: safety-check
      flow:
        - researcher: "find options for {destination}"
        - planner: "create itinerary from research"
        - verifier: "validate safety and feasibility"
        - if verifier.unsafe then planner.revise
        - user: "review and approve"
      """;

  @Test
  void theSeedIsWrittenOutAsTheLongForm() {
    assertThat(Yaml.DOCUMENTS.workflow("travel.yaml", SEED).problems()).isEmpty();
    assertThat(Yaml.sound(SEED).document().path("steps"))
        .isEqualTo(
            Yaml.json(
                """
                {
                  "researcher": {"agent": "researcher", "prompt": "find options for {destination}"},
                  "planner": {
                    "agent": "planner", "prompt": "create itinerary from research",
                    "context": ["researcher"], "needs": ["researcher?"]
                  },
                  "verifier": {
                    "agent": "verifier", "prompt": "validate safety and feasibility",
                    "context": ["researcher", "planner"], "needs": ["planner?"],
                    "revise": {"step": "planner", "when": "verifier.unsafe", "else": "continue"}
                  },
                  "user": {
                    "ask": "review and approve\\n\\nplanner:\\n${coalesce(planner, \\"(none)\\")}\\n\\nverifier:\\n${coalesce(verifier, \\"(none)\\")}",
                    "needs": ["verifier?"]
                  }
                }
                """));
  }

  @Test
  void theSeedHasAnInputAndAnOutputOfItsOwn() {
    Workflow seed = Yaml.sound(SEED);

    assertThat(seed.inputSchema())
        .isEqualTo(
            Yaml.json(
                """
                {"type": "object", "properties": {"destination": {"type": "string"}},
                 "required": ["destination"], "additionalProperties": false}
                """));
    assertThat(seed.outputs()).containsOnlyKeys("planner");
    assertThat(seed.document().propertyNames())
        .containsExactly("name", "agents", "inputs", "steps", "outputs");
  }

  @Test
  void aStepOfTheLongFormStandsWhereItsItemDoes() {
    Source source = Yaml.read(SEED).source();

    assertThat(Yaml.at(source.key("/steps/planner")))
        .isEqualTo("13:5 planner: \"create itinerary from research\"");
    assertThat(Yaml.at(source.place("/steps/planner/agent"))).startsWith("13:5 planner");
    assertThat(Yaml.at(source.inside("/steps/researcher/prompt", 18)))
        .isEqualTo("12:36 destination}\"");
    assertThat(Yaml.at(source.place("/steps/verifier/revise/when")))
        .startsWith("15:8 verifier.unsafe");
    assertThat(Yaml.at(source.inside("/steps/verifier/revise/when", 9)))
        .isEqualTo("15:17 unsafe then planner.revise");
    assertThat(Yaml.at(source.place("/steps/verifier/revise/step")))
        .isEqualTo("15:29 planner.revise");
    assertThat(Yaml.at(source.key("/inputs/destination"))).isEqualTo("12:36 destination}\"");
    assertThat(Yaml.at(source.place("/agents/verifier/skill"))).isEqualTo("10:12 safety-check");
    assertThat(Yaml.at(source.place("/steps/user/needs/0"))).startsWith("16:5 user");
  }

  @Test
  void itemsMayRunTogetherInLoopsAndOnConditions() {
    Reading reading =
        Yaml.read(
            """
            flow:
              - [a: "find {city}", b: "look"]
              - each o in a.options: {b: "plan {o}"}
              - if a.big: {each i in b.list: {c: "more {i}"}}
              - if a.small: [a: "x", book: {tool: s/t, needs: [a], when2: 1}]
            """);
    assertThat(reading.problems()).hasSize(1);
    Workflow workflow = reading.workflow();
    assertThat(workflow).isNotNull();
    assertThat(workflow.document().path("steps"))
        .isEqualTo(
            Yaml.json(
                """
                {
                  "a": {"agent": "a", "prompt": "find {city}"},
                  "b": {"agent": "b", "prompt": "look"},
                  "b_2": {"each": "o in a.options", "agent": "b", "prompt": "plan {o}",
                          "context": ["a", "b"], "needs": ["a?", "b?"]},
                  "c": {"when": "a.big", "each": "i in b.list", "agent": "c", "prompt": "more {i}",
                        "context": ["a", "b", "b_2"], "needs": ["b_2?"]},
                  "a_2": {"when": "a.small", "agent": "a", "prompt": "x",
                          "context": ["a", "b", "b_2", "c"], "needs": ["c?"]},
                  "book": {"when": "a.small", "tool": "s/t", "needs": ["a", "c?"]}
                }
                """));
    Source source = reading.source();
    assertThat(Yaml.at(source.inside("/steps/b_2/each", 5))).startsWith("3:15 a.options");
    assertThat(Yaml.at(source.inside("/steps/c/when", 2))).startsWith("4:10 big");
    assertThat(Yaml.at(source.inside("/steps/c/each", 5))).startsWith("4:26 b.list");
    assertThat(Yaml.at(source.place("/steps/book/tool"))).startsWith("5:39 s/t");
    assertThat(Yaml.at(source.place("/steps/book/needs/0"))).startsWith("5:52 a]");
  }

  @Test
  void aJudgeWithoutSkillAnswersWhatTheConditionReads() {
    assertThat(judged("judge.unsafe")).isEqualTo("{\"unsafe\":\"boolean\",\"why\":\"string\"}");
    assertThat(judged("not judge.ok and judge.score < 3 or 2 >= judge.rank"))
        .isEqualTo(
            "{\"ok\":\"boolean\",\"score\":\"number\",\"rank\":\"number\",\"why\":\"string\"}");
    assertThat(judged("judge.verdict == 'bad' or judge.why != \"\""))
        .isEqualTo("{\"verdict\":\"string\",\"why\":\"string\"}");
    assertThat(judged("judge.issues.size() > 0 and judge.grade in ['d', 'e']"))
        .isEqualTo("{\"issues\":[\"string\"],\"grade\":\"string\",\"why\":\"string\"}");
    assertThat(judged("planner.unsafe")).isEmpty();
  }

  private static String judged(String condition) {
    return Yaml.sound(
            """
            agents: {judge: {}, planner: {}}
            flow:
              - planner: "plan"
              - judge: "judge"
              - "if %s then planner.revise"
            """
                .formatted(condition.replace("\"", "\\\"")))
        .document()
        .at("/steps/judge/output")
        .toString();
  }

  @Test
  void aJudgeWithASkillOrAnOutputKeepsItsContract() {
    String text =
        """
        agents: {judge: {skill: s}, planner: {}}
        flow:
          - planner: "plan"
          - judge: "judge"
          - if judge.bad then planner.revise
          - last: {agent: planner, prompt: x, output: {bad: boolean}}
          - if last.bad then planner.revise
          - user: "done with {planner}?"
        """;
    Workflow workflow = Yaml.sound(text);

    assertThat(workflow.document().at("/steps/judge").has("output")).isFalse();
    assertThat(workflow.document().at("/steps/last/output"))
        .isEqualTo(Yaml.json("{\"bad\": \"boolean\"}"));
    assertThat(workflow.steps())
        .extracting(Step::id)
        .containsExactly("planner", "judge", "last", "user");
    assertThat(workflow.steps().get(1).revise())
        .isEqualTo(new Step.Revise("planner", "judge.bad", null, false));
    assertThat(workflow.steps().get(2).revise())
        .isEqualTo(new Step.Revise("planner", "last.bad", null, true));
    assertThat(workflow.document().at("/steps/user/ask").stringValue())
        .isEqualTo("done with {planner}?");
  }

  @Test
  void declaredInputsAreTheOnlyOnes() {
    Workflow workflow = Yaml.sound("inputs: {a: integer}\nflow:\n  - x: \"{a} {b} {{c}} $${d}\"\n");

    assertThat(workflow.inputSchema().path("properties").propertyNames()).containsExactly("a");
  }

  @Test
  void doubledBracesAndLocalNamesAreNoInputs() {
    Workflow workflow =
        Yaml.sound(
            """
            flow:
              - planner: "plan {{a}} {run.id} {planner_2} ${b} {c.d} { e } {f}"
              - each o in planner.list: {planner: "{o}"}
            """);

    assertThat(workflow.inputSchema().path("properties").propertyNames()).containsExactly("b", "f");
  }

  @Test
  void anAgentWhoseNameIsNoIdGetsOne() {
    Workflow workflow = Yaml.sound("agents: {fact-checker: {}}\nflow:\n  - fact-checker: \"x\"\n");

    assertThat(workflow.steps()).extracting(Step::id).containsExactly("fact_checker");
    assertThat(workflow.document().at("/steps/fact_checker/agent").stringValue())
        .isEqualTo("fact-checker");
  }
}
