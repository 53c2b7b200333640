package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepProblemsTest {

  private static final String TRIP =
      """
      name: trip
      version: 1.0.0
      description: Plan a trip.
      inputs: [{name: query, type: string, description: What}]
      capabilities: {required: [weather_forecast], optional: [tide_data, web_search]}
      """;

  private static final String AGENT =
      """
      agents: {planner: {model: openai/gpt-5, skill: trip}}
      steps:
        plan: {agent: planner, prompt: go}
      """;

  private static final String PLACE_AND_DAYS =
      """
      {'type':'object',
       'properties':{
         'place':{'type':'string','description':'Name of the place'},
         'days':{'type':'integer'}},
       'required':['place'],
       'additionalProperties':false}
      """;

  private static final String TWO_INPUTS =
      TRIP.replace("What}]", "What}, {name: days, type: integer}]");

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = new CheckWorld(folder);
  }

  @Test
  void argumentsAreHeldAgainstTheToolsSchema() {
    assertThat(
            world
                .tool("t", "f", Effect.READ, PLACE_AND_DAYS, null)
                .problems(
                    """
                steps:
                  n: {set: 1, output: {type: number}}
                  a: {tool: t/f, with: {plce: x}}
                  b: {tool: t/f}
                  c: {tool: t/f, with: {place: 3, days: x}}
                  d: {tool: t/f, with: {place: "${n}", days: "${n}"}}
                  e: {tool: t/f, with: {place: x, days: "d ${n}"}}
                """))
        .isEqualTo(
            """
            flow.yaml:3:18: error: Argument `place` (string) of tool `t/f` is missing. [missing-argument]
              3 |   a: {tool: t/f, with: {plce: x}}
                |                  ^
              `place`: Name of the place

            flow.yaml:3:25: error: There is no argument `plce` of tool `t/f`. [unknown-argument]
              3 |   a: {tool: t/f, with: {plce: x}}
                |                         ^
              Did you mean `place`?

            flow.yaml:4:3: error: Argument `place` (string) of tool `t/f` is missing. [missing-argument]
              4 |   b: {tool: t/f}
                |   ^
              `place`: Name of the place

            flow.yaml:5:32: error: A value in the arguments of tool `t/f` does not fit: /place: expected string, found 3. [wrong-value]
              5 |   c: {tool: t/f, with: {place: 3, days: x}}
                |                                ^

            flow.yaml:5:41: error: A value in the arguments of tool `t/f` does not fit: /days: expected integer, found "x". [wrong-value]
              5 |   c: {tool: t/f, with: {place: 3, days: x}}
                |                                         ^

            flow.yaml:6:32: error: Expected string in the arguments of tool `t/f`, found number. [wrong-type]
              6 |   d: {tool: t/f, with: {place: "${n}", days: "${n}"}}
                |                                ^

            flow.yaml:7:41: error: Expected integer in the arguments of tool `t/f`, found string. [wrong-type]
              7 |   e: {tool: t/f, with: {place: x, days: "d ${n}"}}
                |                                         ^""");
  }

  @Test
  void aTimeOutOfACallThatIsNotIdempotentIsNotRetried() {
    assertThat(
            world
                .tool("t", "f", Effect.WRITE, "{'type':'object'}", null)
                .problems(
                    """
                steps:
                  a: {tool: t/f, retry: {max: 2}}
                  b: {tool: t/f, retry: {max: 2}, effects: idempotent}
                  c: {tool: t/f, retry: {max: 2, on: [unavailable]}}
                """))
        .isEqualTo(
            """
            flow.yaml:2:25: error: Step `a` retries a time-out of tool `t/f`, whose effect is write: the call that timed out may have taken effect. [retry-in-doubt]
              2 |   a: {tool: t/f, retry: {max: 2}}
                |                         ^
              Retry only what certainly failed, `on: [unavailable, rate_limited]`, say with `verify` how to find out, or `effects: idempotent` where a second call with the same key changes nothing.""");
  }

  @Test
  void valuesThatAreWrittenDownMustFitTheOutputTheyAreFor() {
    assertThat(
            world.problems(
                """
                steps:
                  a: {set: {score: x}, output: {score: number}}
                  b: {fail: no, on_error: {output: {score: y}}, output: {score: number}}
                """))
        .isEqualTo(
            """
            flow.yaml:2:20: error: A value in the output of step `a` does not fit: /score: expected number, found "x". [wrong-value]
              2 |   a: {set: {score: x}, output: {score: number}}
                |                    ^

            flow.yaml:3:44: error: A value in the output of step `b` does not fit: /score: expected number, found "y". [wrong-value]
              3 |   b: {fail: no, on_error: {output: {score: y}}, output: {score: number}}
                |                                            ^""");
  }

  @Test
  void theInputsOfASkillAreHeldAgainstItsSchema() {
    assertThat(
            trip()
                .tool("a", "weather_forecast")
                .file("skills/trip/skill.yaml", TWO_INPUTS)
                .problems(
                    """
                agents: {planner: {model: openai/gpt-5, skill: trip}}
                steps:
                  plan: {agent: planner, prompt: go}
                  s: {skill: trip, with: {qery: x}}
                """))
        .isEqualTo(
            """
            flow.yaml:3:34: error: A prompt fills the sole input of a skill, and skill `trip` requires 2: query, days. [skill-inputs]
              3 |   plan: {agent: planner, prompt: go}
                |                                  ^
              Write a step with `skill: trip` and `with:` all of them.

            flow.yaml:4:6: error: There is no model alias `default`, which serves step `s`. [no-default-model]
              4 |   s: {skill: trip, with: {qery: x}}
                |      ^
              Choose it: `--model default=PROVIDER/MODEL`, or define it: `models: {default: [PROVIDER/MODEL]}`, or give each agent a `model`.

            flow.yaml:4:20: error: Argument `days` (integer) of skill `trip` is missing. [missing-argument]
              4 |   s: {skill: trip, with: {qery: x}}
                |                    ^

            flow.yaml:4:20: error: Argument `query` (string) of skill `trip` is missing. [missing-argument]
              4 |   s: {skill: trip, with: {qery: x}}
                |                    ^
              `query`: What

            flow.yaml:4:27: error: There is no argument `qery` of skill `trip`. [unknown-argument]
              4 |   s: {skill: trip, with: {qery: x}}
                |                           ^
              Did you mean `query`?""");
  }

  @Test
  void agentsHaveTheSmallestBoundOnToolCallsThatSomebodySet() {
    trip()
        .tool("a", "weather_forecast")
        .file("skills/trip/skill.yaml", TRIP + "policy: {max_tool_calls: 20}\n");

    assertThat(toolCalls(AGENT)).isEqualTo(20);
    assertThat(toolCalls(AGENT.replace("prompt: go", "prompt: go, limits: {tool_calls: 5}")))
        .isEqualTo(5);
    assertThat(toolCalls(AGENT.replace("prompt: go", "prompt: go, limits: {tool_calls: 30}")))
        .isEqualTo(20);
    assertThat(toolCalls(AGENT.replace("skill: trip", "limits: {tool_calls: 7}"))).isEqualTo(7);
    assertThat(toolCalls(AGENT.replace(", skill: trip", ""))).isEqualTo(50);
  }

  private int toolCalls(String workflow) {
    Checked checked = world.check(workflow);
    return Objects.requireNonNull(checked.definition()).plan().nodes().get(0).toolCalls();
  }

  private CheckWorld trip() {
    return world
        .usable("openai/gpt-5")
        .file("skills/trip/skill.yaml", TRIP)
        .file("skills/trip/instructions.md", "Plan it.");
  }
}
