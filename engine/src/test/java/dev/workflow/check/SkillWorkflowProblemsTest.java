package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Policy;
import dev.workflow.engine.Resolved;
import dev.workflow.run.Plan;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Skills that bring a workflow along. */
class SkillWorkflowProblemsTest {
  private static final String SKILL =
      """
      name: day
      inputs: [{name: place, type: string}]
      capabilities: {required: [weather_forecast], optional: [tide_data]}
      policy: {max_tool_calls: 7}
      workflow: flows/main.yaml
      """;

  private static final String CONTRACT =
      "{\"type\": \"object\", \"required\": [\"ok\"], \"properties\": {\"ok\": {\"type\": \"boolean\"}}}";

  private static final String MAIN =
      """
      inputs: {place: string}
      agents: {judge: {policy: {deterministic: true}}}
      steps:
        weather: {capability: weather_forecast}
        tides: {capability: tide_data}
        verdict: {agent: judge, prompt: "good at {place}? {weather}", output: {ok: boolean}}
      outputs: {ok: "${verdict.ok}"}
      """;

  private static final String BY_AGENT =
      """
      models: {fast: [openai/gpt-5]}
      agents: {guide: {model: fast, skill: day, policy: {allow_web: false}}}
      steps:
        go: {agent: guide, prompt: a day}
      outputs: {ok: "${go.ok}"}
      """;

  private static final String BY_NAME =
      """
      models: {default: [openai/gpt-5]}
      steps:
        go: {workflow: day, with: {place: Raglan}}
      outputs: {ok: "${go.ok}"}
      """;

  private static final String INSIDE = "@guide@day/flows/main.yaml";

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = new CheckWorld(folder);
    world.tool("travel", "weather_forecast").usable("openai/gpt-5");
    day(SKILL).contract(CONTRACT).main(MAIN);
  }

  private SkillWorkflowProblemsTest day(String text) {
    world.file("skills/day/skill.yaml", text);
    return this;
  }

  private SkillWorkflowProblemsTest contract(String text) {
    world.file("skills/day/schema.json", text);
    return this;
  }

  private SkillWorkflowProblemsTest main(String text) {
    world.file("skills/day/flows/main.yaml", text);
    return this;
  }

  private Resolved resolved(String workflow) {
    assertThat(world.problems(workflow)).isEmpty();
    return Objects.requireNonNull(world.check(workflow).definition()).resolved();
  }

  @Test
  void theWorkflowOfAnAgentsSkillRunsInThePlaceOfItsModel() {
    Checked checked = world.check(BY_AGENT);
    Plan plan = Objects.requireNonNull(checked.definition()).plan();

    assertThat(checked.problems()).isEmpty();
    assertThat(plan.nodes().get(0).kind()).isEqualTo(Plan.Kind.WORKFLOW);
    assertThat(plan.bodies().get(INSIDE + "#"))
        .extracting(Plan.Node::id)
        .containsExactly("weather", "tides", "verdict");
    assertThat(plan.nodes().get(0).limits())
        .isEqualTo(new Allowance(null, null, null, 7, null, null));
  }

  @Test
  void itsCapabilitiesAreBoundWhereItIsUsedAndTheRestIsBoundToNothing() {
    world.tool("other", "get_forecast");
    Resolved inside =
        resolved(BY_AGENT + "bindings: {weather_forecast: other/get_forecast}\n").part(INSIDE);

    assertThat(inside.bindings())
        .containsExactly(Map.entry("weather_forecast", "other/get_forecast"));
    assertThat(inside.tools().keySet()).containsExactly("other/get_forecast");
  }

  @Test
  void itsAgentsHaveTheModelAndThePolicyOfTheAgentThatHasIt() {
    Resolved inside = resolved(BY_AGENT).part(INSIDE);

    assertThat(inside.agents().get("judge"))
        .extracting("model", "policy")
        .containsExactly("fast", new Policy(false, true, true, 7));
    assertThat(inside.models().keySet()).containsExactly("fast");
  }

  @Test
  void twoAgentsWithTheSameSkillRunItWithTheirOwnTools() {
    world.tool("other", "get_forecast");
    Resolved resolved =
        resolved(
            """
            models: {default: [openai/gpt-5]}
            agents: {one: {skill: day, servers: [travel]}, two: {skill: day, servers: [other]}}
            steps:
              first: {agent: one, prompt: a day}
              second: {agent: two, prompt: a day}
            """);

    assertThat(resolved.part("@one@day/flows/main.yaml").bindings())
        .containsValue("travel/weather_forecast");
    assertThat(resolved.part("@two@day/flows/main.yaml").bindings())
        .containsValue("other/get_forecast");
  }

  @Test
  void aSkillInsideTheWorkflowOfASkillMayUseThatSkillAgain() {
    main(
        MAIN.replace(
            "outputs:",
            "  again: {workflow: day, with: {place: x}, when: place != \"x\"}\noutputs:"));

    assertThat(resolved(BY_NAME).workflows().keySet()).containsExactly("@go@day/flows/main.yaml");
  }

  @Test
  void anUnknownNameIsToldWithTheNearestSkillAndTheFolders() {
    assertThat(world.problems(BY_NAME.replace("workflow: day", "workflow: dey")))
        .isEqualTo(
            """
            flow.yaml:3:18: error: There is no skill `dey`, which step `go` names. [missing-skill]
              3 |   go: {workflow: dey, with: {place: Raglan}}
                |                  ^
              Did you mean `day`? Looked in: skills, home/skills. The name of a file has a `/`, or ends in .yaml, .yml or .json.""");
  }

  @Test
  void aSkillWithoutAWorkflowIsNoneToRun() {
    day(SKILL.replace("workflow: flows/main.yaml\n", ""))
        .world
        .file("skills/day/instructions.md", "Think.");

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            flow.yaml:3:18: error: Skill `day` has no workflow that step `go` could run. [skill-without-workflow]
              3 |   go: {workflow: day, with: {place: Raglan}}
                |                  ^
              Write `skill: day`: a model works by its instructions.""");
  }

  @Test
  void theFileIsInTheFolderOfTheSkill() {
    day(SKILL.replace("flows/main.yaml", "../main.yaml")).world.file("skills/main.yaml", MAIN);

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/skill.yaml:5:11: error: Expected a workflow file of this folder, found `../main.yaml`. [skill-workflow]
              5 | workflow: ../main.yaml
                |           ^
              Name the file that runs in the place of a model, such as workflow.yaml.""");
  }

  @Test
  void noFileThatItRunsLeavesTheFolderOfTheSkill() {
    main(
        MAIN.replace(
            "outputs:",
            "  more: {workflow: ../../../more.yaml}\n  near: {workflow: near.yaml}\noutputs:"));
    world
        .file("more.yaml", "steps: {a: {set: 1}}")
        .file("skills/day/flows/near.yaml", "steps: {a: {set: 1}}");

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:7:20: error: Expected a file in the folder of skill `day`, found `../../../more.yaml`. [outside-of-skill]
              7 |   more: {workflow: ../../../more.yaml}
                |                    ^
              A skill is whole in its folder: put the file there.""");
  }

  @Test
  void mistakesInsideAreToldWhereTheyStand() {
    main(MAIN.replace("${verdict.ok}", "${verdict.okay}"));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:7:26: error: There is no `okay` in the object. [expression]
              7 | outputs: {ok: "${verdict.okay}"}
                |                          ^
              Known: ok.""");
  }

  @Test
  void aCapabilityThatTheSkillDoesNotDeclareIsAMistakeOfTheSkill() {
    main(MAIN.replace("capability: tide_data", "capability: tide_date"));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:5:23: error: Step `tides` calls `tide_date`, which skill `day` does not declare. [undeclared-capability]
              5 |   tides: {capability: tide_date}
                |                       ^
              Did you mean `tide_data`? Capabilities of a skill stand in its skill.yaml, `capabilities: {required: [...]}`.""");
  }

  @Test
  void theWorkflowOfASkillNamesNoServerAndNoModel() {
    main(
        MAIN.replace("outputs:", "  direct: {tool: travel/weather_forecast}\noutputs:")
                .replace("deterministic: true}", "deterministic: true}, servers: [travel]")
            + "models: {default: [openai/gpt-5]}\nmcp: {travel: {builtin: travel}}\n");

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:2:58: error: Expected a capability of skill `day` in agent `judge`, found `travel`. [skill-is-portable]
              2 | agents: {judge: {policy: {deterministic: true}, servers: [travel]}}
                |                                                          ^
              A skill is tied to no server: declare what it needs in skill.yaml and write `capability: NAME`.

            skills/day/flows/main.yaml:7:18: error: Expected a capability of skill `day` in step `direct`, found `travel/weather_forecast`. [skill-is-portable]
              7 |   direct: {tool: travel/weather_forecast}
                |                  ^
              A skill is tied to no server: declare what it needs in skill.yaml and write `capability: NAME`.

            skills/day/flows/main.yaml:9:1: error: Expected no `models` in the workflow of skill `day`. [skill-is-portable]
              9 | models: {default: [openai/gpt-5]}
                | ^
              It is for the workflow that uses the skill to say; ask for `capabilities` in skill.yaml.

            skills/day/flows/main.yaml:10:1: error: Expected no `mcp` in the workflow of skill `day`. [skill-is-portable]
              10 | mcp: {travel: {builtin: travel}}
                 | ^
              It is for the workflow that uses the skill to say; ask for `capabilities` in skill.yaml.""");
  }

  @Test
  void whatThePolicyForbidsIsNotBoundInside() {
    day(SKILL.replace("[weather_forecast]", "[weather_forecast, web_search]"));
    world.tool("travel", "web_search");

    assertThat(world.problems(BY_AGENT))
        .isEqualTo(
            """
            flow.yaml:2:38: error: Skill `day` requires `web_search`, which `allow_web: false` of agent `guide` forbids. [policy-forbids]
              2 | agents: {guide: {model: fast, skill: day, policy: {allow_web: false}}}
                |                                      ^
              Choose another skill, or change the policy where it is written.""");
  }

  @Test
  void anInnerAgentMayForbidMore() {
    day(SKILL.replace("[weather_forecast]", "[weather_forecast, web_search]"));
    world
        .tool("travel", "web_search")
        .file("skills/look/skill.yaml", "name: look\ncapabilities: {required: [web_search]}\n")
        .file("skills/look/instructions.md", "Look.");
    main(
        MAIN.replace(
            "judge: {policy: {deterministic: true}}",
            "judge: {skill: look, policy: {allow_web: false}}"));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:2:25: error: Skill `look` requires `web_search`, which `allow_web: false` of agent `judge` forbids. [policy-forbids]
              2 | agents: {judge: {skill: look, policy: {allow_web: false}}}
                |                         ^
              Choose another skill, or change the policy where it is written.""");
  }

  @Test
  void aSkillInsideRequiresNothingThatTheOuterOneDoesNot() {
    world
        .file("skills/look/skill.yaml", "name: look\ncapabilities: {required: [tide_data]}\n")
        .file("skills/look/instructions.md", "Look.");
    main(MAIN.replace("judge: {policy", "judge: {skill: look, policy"));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:2:25: error: Skill `look` (agent `judge`) requires `tide_data`, which skill `day` does not. [undeclared-capability]
              2 | agents: {judge: {skill: look, policy: {deterministic: true}}}
                |                         ^
              Add it to `capabilities: {required: [...]}` of skill `day`.""");
  }

  @Test
  void theInputsAreThoseOfTheSkill() {
    main(
        MAIN.replace("inputs: {place: string}", "inputs: {place: integer, time: string}")
            .replace("{place}", "x"));
    day(SKILL.replace("}]", "}, {name: plaze, type: string}]"));

    assertThat(
            world.problems(
                BY_NAME.replace("with: {place: Raglan}", "with: {place: Raglan, plaze: x}")))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:1:9: error: Expected an input `plaze` in the workflow of skill `day`, as skill.yaml says, found none. [skill-inputs]
              1 | inputs: {place: integer, time: string}
                |         ^
              Did you mean `place`?

            skills/day/flows/main.yaml:1:17: error: Expected string for input `place` in the workflow of skill `day`, as skill.yaml says, found integer. [skill-inputs]
              1 | inputs: {place: integer, time: string}
                |                 ^
              Make the two agree.

            skills/day/flows/main.yaml:1:32: error: Expected only inputs that skill.yaml requires in the workflow of skill `day`, as skill.yaml says, found `time`. [skill-inputs]
              1 | inputs: {place: integer, time: string}
                |                                ^
              Add it to `inputs` of skill.yaml, or make it optional here: `time?`.""");
  }

  @Test
  void theArgumentsAreThoseOfTheSkill() {
    assertThat(world.problems(BY_NAME.replace("{place: Raglan}", "{place: 5}")))
        .isEqualTo(
            """
            flow.yaml:3:37: error: A value in the arguments of skill `day` does not fit: /place: expected string, found 5. [wrong-value]
              3 |   go: {workflow: day, with: {place: 5}}
                |                                     ^""");
  }

  @Test
  void theOutputsSatisfyTheContractOfTheSkill() {
    contract(CONTRACT.replace("[\"ok\"]", "[\"ok\", \"why\"]"));
    main(MAIN.replace("${verdict.ok}", "${place}"));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:7:10: error: Expected `why` among the outputs, as the contract of skill `day` asks, found ok. [skill-output]
              7 | outputs: {ok: "${place}"}
                |          ^
              Add it to `outputs`.

            skills/day/flows/main.yaml:7:15: error: Expected boolean in the output of skill `day`, found string. [wrong-type]
              7 | outputs: {ok: "${place}"}
                |               ^""");
  }

  @Test
  void outputsThatTheContractDoesNotKnowAreNone() {
    contract(CONTRACT.replace("\"properties\"", "\"additionalProperties\": false, \"properties\""));
    main(MAIN.replace("${verdict.ok}\"}", "${verdict.ok}\", more: 1}"));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:7:38: error: Expected only outputs of the contract of skill `day`, found `more`. [skill-output]
              7 | outputs: {ok: "${verdict.ok}", more: 1}
                |                                      ^
              Leave it out, or add it to the schema of the skill.""");
  }

  @Test
  void aWorkflowWithoutOutputsFulfilsNoContract() {
    main(MAIN.replaceAll("outputs:.*", ""));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:1:1: error: Expected outputs that fit the contract of skill `day` (object), found none. [skill-output]
              1 | inputs: {place: string}
                | ^
              A workflow gives an object: say its `outputs`, and let the schema of the skill ask for them.""");
  }

  @Test
  void aPromptNeedsASoleTextToFill() {
    day(SKILL.replace("type: string", "type: number"));
    main(MAIN.replace("place: string", "place: number"));

    assertThat(world.problems(BY_AGENT))
        .isEqualTo(
            """
            flow.yaml:4:30: error: A prompt fills the sole input of a skill, a text, and skill `day` has: place. [skill-inputs]
              4 |   go: {agent: guide, prompt: a day}
                |                              ^
              Write a step with `workflow: day` and `with:` what it takes.""");
  }

  @Test
  void whatOnlyAModelCouldFollowIsRefused() {
    assertThat(
            world.problems(
                BY_AGENT
                    .replace(
                        "allow_web: false}",
                        "allow_web: false}, instructions: Be quick., plan_tools: true, limits: {tokens: 1k}")
                    .replace("prompt: a day", "prompt: a day, effects: read, cache: 1h")))
        .isEqualTo(
            """
            flow.yaml:2:71: error: Expected no `instructions` of agent `guide`, whose skill `day` runs its own workflow. [skill-runs-workflow]
              2 | …uide: {model: fast, skill: day, policy: {allow_web: false}, instructions: Be quick., plan_tools: true, limits: {tokens:…
                |                                                              ^
              Remove it: no model works in the place of that workflow.

            flow.yaml:2:96: error: Expected no `plan_tools` of agent `guide`, whose skill `day` runs its own workflow. [skill-runs-workflow]
              2 | …: day, policy: {allow_web: false}, instructions: Be quick., plan_tools: true, limits: {tokens: 1k}}}
                |                                                              ^
              Remove it: no model works in the place of that workflow.

            flow.yaml:2:114: error: Expected no `limits` of agent `guide`, whose skill `day` runs its own workflow. [skill-runs-workflow]
              2 | …low_web: false}, instructions: Be quick., plan_tools: true, limits: {tokens: 1k}}}
                |                                                              ^
              Write `limits` at the steps that run the agent.

            flow.yaml:4:37: error: Expected no `effects` of step `go`, whose skill `day` runs its own workflow. [skill-runs-workflow]
              4 |   go: {agent: guide, prompt: a day, effects: read, cache: 1h}
                |                                     ^
              It is for the steps of that workflow to say.

            flow.yaml:4:52: error: Expected no `cache` of step `go`, whose skill `day` runs its own workflow. [skill-runs-workflow]
              4 |   go: {agent: guide, prompt: a day, effects: read, cache: 1h}
                |                                                    ^
              It is for the steps of that workflow to say.""");
  }

  @Test
  void whoPlansIsAModel() {
    assertThat(
            world.problems(
                BY_AGENT.replace(
                    "outputs:",
                    "  plan: {plan: guide, prompt: x, allow: {agents: [guide], tools: []}}\noutputs:")))
        .isEqualTo(
            """
            flow.yaml:5:16: error: Expected an agent that a model works for, found `guide`, whose skill `day` runs its own workflow. [agent-runs-workflow]
              5 |   plan: {plan: guide, prompt: x, allow: {agents: [guide], tools: []}}
                |                ^
              Name another agent: who plans writes, and a plan runs no other workflow.

            flow.yaml:5:51: error: Expected an agent that a model works for, found `guide`, whose skill `day` runs its own workflow. [agent-runs-workflow]
              5 |   plan: {plan: guide, prompt: x, allow: {agents: [guide], tools: []}}
                |                                                   ^
              Name another agent: who plans writes, and a plan runs no other workflow.""");
  }

  @Test
  void aComputedAgentIsAModel() {
    assertThat(
            world.problems(
                BY_AGENT.replace(
                    "outputs:",
                    "  who: {set: a, output: {type: string, enum: [guide]}}\n  it: {agent: \"${who}\", prompt: x, output: {ok: boolean}}\noutputs:")))
        .isEqualTo(
            """
            flow.yaml:5:14: error: A value in the output of step `who` does not fit: expected "guide", found "a". [wrong-value]
              5 |   who: {set: a, output: {type: string, enum: [guide]}}
                |              ^

            flow.yaml:6:15: error: Step `it` may name agent `guide`, whose skill runs its own workflow. [computed-agent]
              6 |   it: {agent: "${who}", prompt: x, output: {ok: boolean}}
                |               ^
              Name that agent in a step of its own, with a `when`.""");
  }

  @Test
  void insideItselfASkillIsUsedAsBefore() {
    main(
        MAIN.replace(
                "agents: {", "agents: {other: {skill: day, policy: {allow_code_exec: false}}, ")
            .replace(
                "outputs:", "  again: {agent: other, prompt: x, when: place != \"x\"}\noutputs:"));

    assertThat(world.problems(BY_NAME))
        .isEqualTo(
            """
            skills/day/flows/main.yaml:2:17: error: Skill `day` is used inside itself by agent `other`, with another policy or model. [skill-in-itself]
              2 | agents: {other: {skill: day, policy: {allow_code_exec: false}}, judge: {policy: {deterministic: true}}}
                |                 ^
              Leave its `policy` and `model` out: inside itself a skill goes on as it began.""");
  }
}
