package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LongFormTest {

  /** The example of the language, without the keys that are not built yet. */
  static final String TRAVEL =
      """
      # yaml-language-server: $schema=../schema/workflow.schema.json
      name: travel
      version: "1.0.0"
      inputs: {destination: string, date?: {type: string, format: date}}
      models: {gpt-5: [openai/gpt-5, anthropic/claude-sonnet-4-5], local-llama: [ollama/llama3.3, openai/gpt-5-mini]}
      simulate: travel/answers.yaml       # scripted answers for when no provider is configured
      mcp: {travel: {builtin: travel}}
      agents:
        planner: {model: gpt-5, skill: travel-plan}      # model skill instructions servers tools policy limits
      limits: {concurrency: 8, time: 30m, tool_calls: 200, revisions: 2}
      steps:
        research: {agent: researcher, prompt: "find options for {destination}", output: {options: [string], notes?: string}}
        days:
          each: option in research.options
          concurrency: 4
          agent: planner
          prompt: plan {option}
        forecast:
          tool: travel/weather_forecast
          with: {place: "${destination}"}
          retry: {max: 3, backoff: 1s..30s, on: [timeout, unavailable]}
          timeout: 20s
        check:
          agent: verifier
          prompt: is {days} safe given {forecast}?
          output: {unsafe: boolean, why: string}
          revise: {step: days, when: check.unsafe, max: 2}
        approve: {ask: "Approve {days}?", timeout: 2d}
        book: {tool: booking/reserve, with: {plan: "${days}", key: "${call.key}"}, needs: [approve], effects: write}
      outputs: {itinerary: "${days}"}
      """;

  private final Workflow travel = Yaml.sound(TRAVEL);

  @Test
  void theTopOfTheFileIsRead() {
    assertThat(travel.name()).isEqualTo("travel");
    assertThat(travel.version()).isEqualTo("1.0.0");
    assertThat(travel.inputSchema())
        .isEqualTo(
            Yaml.json(
                """
                {"type": "object", "properties": {"destination": {"type": "string"},
                 "date": {"type": "string", "format": "date"}},
                 "required": ["destination"], "additionalProperties": false}
                """));
    assertThat(travel.models())
        .containsEntry(
            "gpt-5",
            List.of(ModelRef.of("openai", "gpt-5"), ModelRef.of("anthropic", "claude-sonnet-4-5")));
    assertThat(travel.simulate()).isEqualTo("travel/answers.yaml");
    assertThat(travel.servers()).containsEntry("travel", Yaml.json("{\"builtin\": \"travel\"}"));
    assertThat(travel.agents())
        .isEqualTo(
            Map.of(
                "planner",
                new Agent(
                    "planner",
                    "gpt-5",
                    "travel-plan",
                    null,
                    null,
                    List.of(),
                    List.of(),
                    Policy.OPEN,
                    Allowance.NONE,
                    false)));
    assertThat(travel.limits()).isEqualTo(Limits.DEFAULT);
    assertThat(travel.outputs()).containsEntry("itinerary", Yaml.json("\"${days}\""));
  }

  @Test
  void stepsKeepTheirOrderVerbsAndKeys() {
    assertThat(travel.steps())
        .extracting(Step::id)
        .containsExactly("research", "days", "forecast", "check", "approve", "book");
    Step days = step("days");
    assertThat(days.verb()).isEqualTo(new Verb.Agent("planner", "plan {option}", List.of()));
    assertThat(days.each()).isEqualTo(new Step.Each("option", "research.options", 4, null, null));
    assertThat(days.pointer()).isEqualTo("/steps/days");
    Step forecast = step("forecast");
    assertThat(forecast.verb())
        .isEqualTo(
            new Verb.Tool(
                "travel", "weather_forecast", Yaml.json("{\"place\": \"${destination}\"}")));
    assertThat(forecast.retry())
        .isEqualTo(
            new Retry(
                3,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Set.of(ErrorKind.TIMEOUT, ErrorKind.UNAVAILABLE)));
    assertThat(forecast.timeout()).isEqualTo(Duration.ofSeconds(20));
    assertThat(step("check").revise()).isEqualTo(new Step.Revise("days", "check.unsafe", 2, false));
    assertThat(step("approve").verb()).isEqualTo(new Verb.Ask("Approve {days}?", null));
    assertThat(step("book").needs()).containsExactly(new Step.Need("approve", false));
    assertThat(step("book").effect()).isEqualTo(Effect.WRITE);
  }

  @Test
  void theRemainingVerbsAndKeysAreRead() {
    Workflow workflow =
        Yaml.sound(
            """
            limits: {concurrency: 1, tool_calls: 5k, time: 2h}
            agents:
              x: {policy: {allow_web: false, max_tool_calls: 7}, limits: {tool_calls: 9}, tools: [a/b], servers: [a], plan_tools: true}
            bindings: {weather: a/b}
            steps:
              a: {skill: plan, with: {query: x}, on_error: continue}
              b: {capability: weather, on_error: {output: null}, when: true}
              c: {set: null, needs: [a?]}
              d: {wait: 20s}
              e: {wait: "${run.started}"}
              f: {fail: "no {a}"}
              g: {ask: how many?, form: {count: integer, note?: string}}
              h: {agent: {model: m, instructions: be short}, prompt: x, context: [a, b], limits: {tool_calls: 3}}
              i: {tool: s/t/u, each: x in list, key: x.id, retry: {max: 1, backoff: 2s}}
              j: {agent: "${c}", prompt: x, revise: {step: c, when: j.bad, else: continue}}
            """);
    List<Step> steps = workflow.steps();
    assertThat(workflow.limits())
        .isEqualTo(
            new Limits(
                1, Duration.ofHours(2), 2, 2, new Allowance(null, null, 1000, 5000, null, null)));
    assertThat(workflow.bindings()).containsEntry("weather", "a/b");
    assertThat(workflow.agents().get("x"))
        .isEqualTo(
            new Agent(
                "x",
                null,
                null,
                null,
                null,
                List.of("a"),
                List.of("a/b"),
                new Policy(false, true, false, 7),
                new Allowance(null, null, null, 9, null, null),
                true));
    assertThat(steps.get(0).verb())
        .isEqualTo(new Verb.Skill("plan", Yaml.json("{\"query\": \"x\"}"), false));
    assertThat(steps.get(0).onError()).isEqualTo(new OnError.Continue());
    assertThat(steps.get(1).verb()).isEqualTo(new Verb.Capability("weather", Yaml.json("{}")));
    assertThat(steps.get(1).onError()).isEqualTo(new OnError.Output(Yaml.json("null")));
    assertThat(steps.get(1).when()).isEqualTo("true");
    assertThat(steps.get(2).verb()).isEqualTo(new Verb.SetValue(Yaml.json("null")));
    assertThat(steps.get(2).needs()).containsExactly(new Step.Need("a", true));
    assertThat(steps.get(3).verb()).isEqualTo(new Verb.Wait("20s"));
    assertThat(steps.get(4).verb()).isEqualTo(new Verb.Wait("${run.started}"));
    assertThat(steps.get(5).verb()).isEqualTo(new Verb.Fail("no {a}"));
    assertThat(((Verb.Ask) steps.get(6).verb()).form())
        .isEqualTo(
            Yaml.json(
                """
                {"type": "object", "properties": {"count": {"type": "integer"}, "note": {"type": "string"}},
                 "required": ["count"], "additionalProperties": false}
                """));
    assertThat(steps.get(7).verb()).isEqualTo(new Verb.Agent("h", "x", List.of("a", "b")));
    assertThat(workflow.agents())
        .hasEntrySatisfying("h", agent -> assertThat(agent.instructions()).isEqualTo("be short"));
    assertThat(steps.get(7).limits()).isEqualTo(new Allowance(null, null, null, 3, null, null));
    assertThat(((Verb.Tool) steps.get(8).verb()).tool()).isEqualTo("t/u");
    assertThat(steps.get(8).each()).isEqualTo(new Step.Each("x", "list", 0, "x.id", null));
    assertThat(steps.get(8).retry().last()).isEqualTo(Duration.ofSeconds(2));
    assertThat(steps.get(9).revise()).isEqualTo(new Step.Revise("c", "j.bad", null, true));
  }

  @Test
  void aWorkflowWithoutANameIsCalledLikeItsFile() {
    String text = "steps: {a: {set: 1}}";

    assertThat(Yaml.DOCUMENTS.workflow("some/trip.v2.yaml", text).workflow())
        .extracting(Workflow::name)
        .isEqualTo("trip");
    assertThat(Yaml.DOCUMENTS.workflow("-", text).workflow())
        .extracting(Workflow::name)
        .isEqualTo("workflow");
  }

  @Test
  void jsonIsYamlToo() {
    assertThat(
            Yaml.sound("{\"$schema\": \"x\", \"steps\": {\"a\": {\"set\": \"\\u00e9\"}}}").steps())
        .hasSize(1);
  }

  @Test
  void aWorkflowWithProblemsIsReadAsFarAsItCanBe() {
    Workflow workflow =
        Yaml.read("steps:\n  a: {tool: x}\n  b: {set: 1, tmeout: 3s}\n  c: {when: a}\n").workflow();

    assertThat(workflow).isNotNull();
    assertThat(workflow.steps()).extracting(Step::id).containsExactly("a", "b", "c");
    assertThat(workflow.steps().get(2).output()).isEqualTo(Yaml.json("{}"));
  }

  private Step step(String id) {
    return travel.steps().stream().filter(step -> step.id().equals(id)).findFirst().orElseThrow();
  }
}
