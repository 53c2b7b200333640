package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Skills whose workflow runs in the place of a model. */
class SkillWorkflowTest {
  private static final String SKILL =
      """
      name: day
      inputs: [{name: place, type: string}, {name: hours, type: integer, default: 2}]
      capabilities: {required: [weather_forecast], optional: [tide_data]}
      workflow: workflow.yaml
      """;

  private static final String DAY =
      """
      inputs: {place: string, hours?: integer}
      steps:
        weather: {capability: weather_forecast, with: {place: "${place}"}}
        tides: {capability: tide_data, with: {place: "${place}"}}
        approve: {ask: "Go?"}
        more: {workflow: parts/more.yaml, with: {n: "${weather.celsius}"}, needs: [approve]}
      outputs:
        warm: "${more.n > 15}"
        tide: "${coalesce(tides.high, 'unknown')}"
        asked: "${place}"
        hours: "${hours}"
      """;

  private static final String MORE =
      """
      inputs: {n: number}
      steps: {m: {set: "${n + 1}"}}
      outputs: {n: "${m}"}
      """;

  private static final String BY_NAME =
      """
      steps:
        days:
          each: place in ["Raglan", "Dunedin"]
          workflow: day
          with: {place: "${place}"}
      outputs: {days: "${days}"}
      """;

  private static final String BY_AGENT =
      """
      agents: {guide: {skill: day, servers: [one]}}
      steps:
        first: {set: "sun"}
        go: {agent: guide, prompt: "a day", context: [first]}
      outputs: {go: "${go}"}
      """;

  @TempDir private Path folder = Path.of("");
  private @Nullable ReplanWorld made;

  @BeforeEach
  void aSkillAndAStation() {
    made = new ReplanWorld(folder).station("one", "weather_forecast");
    day(SKILL, DAY);
    world().commands().file("skills/day/parts/more.yaml", MORE);
  }

  private ReplanWorld world() {
    return Objects.requireNonNull(made);
  }

  private void day(String skill, String workflow) {
    world().commands().file("skills/day/skill.yaml", skill);
    world().commands().file("skills/day/workflow.yaml", workflow);
  }

  private Result run(String flow, String... options) {
    return command(
        Stream.concat(
                Stream.of("run", world().file("trip.yaml", flow), "--trust", "--run-id", "one"),
                Stream.of(options))
            .toArray(String[]::new));
  }

  private Result command(String... arguments) {
    return world().commands().run(arguments);
  }

  private long calls() {
    return world().ledger().stream()
        .filter(line -> line.startsWith("one weather_forecast"))
        .count();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @Test
  void aStepRunsTheWorkflowOfASkillByItsName() {
    Result result = run(BY_NAME, "--yes");

    assertThat(result.err()).contains("days[0]/tides  skipped: nothing offers tide_data");
    assertThat(result.json().at("/days/0"))
        .isEqualTo(json("{'warm':true,'tide':'unknown','asked':'Raglan','hours':2}"));
    assertThat(world().ledger())
        .containsExactlyInAnyOrder("one weather_forecast Raglan", "one weather_forecast Dunedin");
  }

  @Test
  void aPromptFillsTheInputAndIsFollowedByItsContext() {
    Result result = run(BY_AGENT, "--yes");

    assertThat(result.err()).contains("succeeded");
    assertThat(result.json().at("/go/asked").stringValue())
        .isEqualTo("a day\n\n## Output of first\nsun");
  }

  @Test
  void theVerdictOfAJudgeFollowsThePromptOfTheNextRun() {
    Result result =
        run(
            BY_AGENT.replace(
                "outputs:",
                "  judge: {set: \"${go.asked.contains('Revise')}\", revise: {step: go, when: not judge}}\noutputs:"),
            "--yes");

    assertThat(result.json().at("/go/asked").stringValue())
        .contains("## Revise it: the verdict of judge\nfalse");
  }

  @Test
  void whatDoesNotFitTheContractOfTheSkillFailsTheStep() {
    world()
        .commands()
        .file(
            "skills/day/schema.json",
            "{\"type\": \"object\", \"properties\": {\"warm\": {\"type\": \"boolean\", \"const\": false}}}");

    Result result = run(BY_AGENT, "--yes", "-o", "json");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.json().at("/steps/go/error/kind").stringValue()).isEqualTo("invalid_output");
    assertThat(result.json().at("/steps/go/error/message").stringValue())
        .isEqualTo("The output of go does not fit its schema");
  }

  @Test
  void theRunGoesOnWhenTheFolderOfTheSkillIsGone() throws IOException {
    assertThat(run(BY_AGENT).code()).isEqualTo(5);
    try (Stream<Path> files = Files.walk(folder.resolve("skills"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }

    Result done = command("resume", "one", "--answer", "go/approve={\"decision\":\"approve\"}");

    assertThat(done.err()).contains("succeeded");
    assertThat(done.code()).isZero();
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void aChangeOfAFileOfTheSkillIsRefusedAndAdoptedStepByStep() {
    assertThat(run(BY_AGENT).code()).isEqualTo(5);
    world().commands().file("skills/day/parts/more.yaml", MORE.replace("n + 1", "n - 9"));
    day(SKILL, DAY.replace("tide: ", "sea: "));

    Result refused = command("resume", "one", "--yes");
    Result adopted = command("resume", "one", "--yes", "--adopt", "--trust", "-o", "json");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .contains(
            "output tide of workflow.yaml of skill day (guide): removed\n",
            "step m of parts/more.yaml of skill day (guide): changed set\n",
            "Or restore FOLDER/skills/day/workflow.yaml, FOLDER/skills/day/parts/more.yaml and resume as before.\n");
    assertThat(adopted.code()).as(adopted.err() + adopted.out()).isZero();
    assertThat(adopted.json().at("/outputs/go/warm").booleanValue()).isFalse();
    assertThat(adopted.json().at("/outputs/go/sea").stringValue()).isEqualTo("unknown");
  }

  @Test
  void aForkBeginsInsideTheWorkflowOfTheSkill() {
    assertThat(run(BY_AGENT, "--yes").code()).isZero();

    Result forked = command("fork", "one", "--at", "go/more", "--output", "{\"n\": 3}", "--yes");

    assertThat(forked.code()).isZero();
    assertThat(forked.json().at("/go/warm").booleanValue()).isFalse();
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void theCallsThatThePolicyAllowsAreThoseOfTheWholeStep() {
    day(SKILL + "policy: {max_tool_calls: 1}\n", DAY);

    Result result = run(BY_NAME, "--yes");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("Step days has made the 1 tool calls that limits.tool_calls allows");
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void aSkillThatUsesItselfGoesAsDeepAsItsConditionSays() {
    day(
        SKILL,
        DAY.replace(
            "outputs:",
            "  again: {workflow: day, with: {place: Gore}, when: place != 'Gore'}\noutputs:"));

    Result result =
        run(BY_AGENT.replace("a day\", context: [first]", "Raglan\""), "--yes", "-o", "json");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(world().ledger())
        .containsExactlyInAnyOrder("one weather_forecast Raglan", "one weather_forecast Gore");
    assertThat(result.json().at("/steps/go~1again~1again/status").stringValue())
        .isEqualTo("skipped");
  }

  @Test
  void aPlanThatIsWrittenInsideHasTheModelsOfTheAgentAround() {
    day(
        SKILL,
        """
        inputs: {place: string, hours?: integer}
        agents: {planner: {}, writer: {}}
        steps:
          route: {plan: planner, prompt: "a route", allow: {agents: [writer], tools: []}}
          text: {workflow: "${route}"}
        outputs: {text: "${text.text}"}
        """);
    world()
        .answers(
            """
        answers:
          - agent: planner
            answer: {reasons: r, steps: {a: {agent: writer, prompt: hello}}, outputs: {text: "$${a}"}}
          - agent: writer
            answer: fine
        """);

    Result result =
        run(
            "models: {fast: [openai/gpt-5]}\n"
                + BY_AGENT.replace("guide: {skill: day", "guide: {model: fast, skill: day"));

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().at("/go/text").stringValue()).isEqualTo("fine");
  }

  @Test
  void aDryRunCountsTheCallsInside() {
    Result shown =
        command(
            "run",
            world()
                .file(
                    "trip.yaml",
                    BY_AGENT.replace(
                        "agent: guide, prompt: \"a day\", context: [first]",
                        "skill: day, with: {place: x}")),
            "--dry-run",
            "-o",
            "json",
            "--probe",
            "--trust");

    assertThat(shown.json().at("/calls").toString())
        .isEqualTo("{\"tool_calls\":2,\"model_calls\":0,\"at_least\":true}");
    assertThat(shown.out()).contains("\"workflow.yaml of skill day\"");
  }

  @Test
  void inspectShowsWhatRuns() {
    String file = world().file("trip.yaml", BY_AGENT);

    Result shown = command("inspect", file);
    Result full = command("inspect", file, "--full");

    assertThat(shown.out())
        .contains(
            "agent guide (workflow.yaml of skill day)",
            "  workflow.yaml of skill day (guide): 4 steps\n  parts/more.yaml of skill day (guide): 1 step\n",
            "  guide: runs workflow.yaml, skill day\n");
    assertThat(full.out())
        .contains(
            "\n# workflow.yaml of skill day (guide)\n#   name: ",
            "#       capability: weather_forecast");
    assertThat(command("validate", world().commands().file("full.yaml", full.out())).code())
        .isZero();
  }

  @Test
  void whatRanIsDrawnWithWhatIsInside() {
    assertThat(run(BY_AGENT, "--yes").code()).isZero();

    assertThat(command("inspect", "one").out())
        .contains("weather", "capability weather_forecast", "set");
  }

  @Test
  void aKeptPlanUsesTheSkillThatItWasMadeWith() {
    String file = world().file("trip.yaml", BY_AGENT);
    Result made = command("plan", "create", "--from", file, "-o", "json");
    String plan = made.json().at("/plan/id").asString(made.err());

    assertThat(command("plan", "run", plan, "--yes", "--trust").err()).contains("succeeded");
    world().commands().file("skills/day/parts/more.yaml", MORE.replace("n + 1", "n + 2"));
    Result other = command("plan", "run", plan, "--yes", "--trust");

    assertThat(other.code()).isEqualTo(9);
    assertThat(other.err()).contains("Expected the skill `day` that the plan was made with");
  }

  @Test
  void aFailureInsideIsPlannedAroundWithTheToolsOfTheSkill() {
    world()
        .plans(
            """
        {reasons: the same weather, steps: {
          weather: {tool: one/weather_forecast, with: {place: Dunedin}},
          more: {workflow: parts/more.yaml, with: {n: "${weather.celsius}"}, needs: [approve]}}}
        """);
    day(SKILL, DAY.replace("weather: {capability", "weather: {on_error: replan, capability"));
    world().flag("closed-one-Raglan");

    Result result =
        run(
            "steps: {go: {workflow: day, with: {place: Raglan}}}\noutputs: {go: \"${go}\"}\n",
            "--yes");

    assertThat(result.err()).contains("succeeded");
    assertThat(result.json().at("/go/warm").booleanValue()).isTrue();
    assertThat(world().ledger()).contains("one weather_forecast Dunedin");
  }

  @Test
  void aToolThatTakesOverForItsUserServesTheSkillToo() {
    world().station("two", "get_forecast").withoutModels().flag("closed-one-Gore");

    Result result =
        run(
            """
            bindings: {weather_forecast: one/weather_forecast}
            steps:
              before: {capability: weather_forecast, with: {place: Gore}, on_error: replan}
              go: {workflow: day, with: {place: Raglan}, needs: [before]}
            outputs: {go: "${go}"}
            """,
            "--yes");

    assertThat(result.err()).contains("two/get_forecast takes the place of one/weather_forecast");
    assertThat(result.json().at("/go/warm").booleanValue()).isTrue();
    assertThat(world().ledger()).contains("two get_forecast Raglan");
  }

  @Test
  void ofAFolderTheWorkflowsOfSkillsAreCheckedWithTheirUsers() {
    String file = world().file("trip.yaml", BY_AGENT);

    Result result = command("validate", folder.toString());

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.out() + result.err()).contains(Path.of(file).getFileName().toString());
    assertThat(result.out() + result.err()).doesNotContain("workflow.yaml");
  }
}
