package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Skills that are run, inspected and tested by themselves. */
class SkillRunTest {
  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));
  private String echo = "";

  @BeforeEach
  void someSkills() {
    world = new CommandWorld(folder);
    world.file(
        "skills/forms/SKILL.md",
        "---\nname: forms\ndescription: Fills in forms.\nlicense: MIT\n---\nFill it in.\n");
    world.file("skills/forms/references/fields.md", "Name.\n");
    world.file(
        "skills/price/skill.yaml",
        """
        name: price
        version: 1.0.0
        description: Says a price.
        inputs:
          - {name: item, type: string}
          - {name: count, type: integer, default: 2}
          - {name: note, type: string, required: false}
        policy: {allow_web: false, max_tool_calls: 3}
        workflow: workflow.yaml
        """);
    world.file(
        "skills/price/workflow.yaml",
        """
        name: price
        inputs: {item: string, count: {type: integer, default: 2}, note?: string}
        steps:
          sure: {ask: "Sell {item}?"}
          sum: {set: "${count * 10}", needs: [sure]}
        outputs: {item: "${item}", sum: "${sum}", note: "${coalesce(inputs.note, 'none')}"}
        """);
    world.file(
        "skills/price/cases/price.yaml",
        """
        cases:
          ten each:
            inputs: {item: tea, count: 3, note: x}
            people: {"result/sure": {decision: approve}}
            expect: {outputs: {result: {item: tea, sum: 30, note: x}}}
        """);
    echo = world.file("answers.yaml", "answers: [{answer: \"did: ${prompt}\"}]\n");
  }

  private Result skill(String command, String name, String... more) {
    List<String> all =
        new ArrayList<>(List.of("skill", command, folder.resolve("skills/" + name).toString()));
    all.addAll(Arrays.asList(more));
    return world.run(all.toArray(String[]::new));
  }

  @Test
  void aSkillWithoutInputsIsAskedWhatTheQuerySays() {
    Result asked =
        skill(
            "run",
            "forms",
            "Form ${1 + 1} {x}",
            "--simulate",
            echo,
            "--run-id",
            "one",
            "-o",
            "json");
    assertThat(asked.code()).isZero();
    assertThat(asked.json().at("/outputs/result").asString()).isEqualTo("did: Form ${1 + 1} {x}");
    assertThat(skill("run", "forms", "--simulate", echo).out())
        .contains("did: Do what your instructions say.");

    world.remove("skills/forms/SKILL.md").remove("answers.yaml");
    Result again = world.run("resume", "one", "-o", "json");
    assertThat(again.json().path("outputs")).isEqualTo(asked.json().path("outputs"));
  }

  @Test
  void aSkillWithAWorkflowRunsItAndIsTakenUpWithoutItsFiles() {
    Result waiting = skill("run", "price", "tea", "--run-id", "one");
    assertThat(waiting.code()).isEqualTo(5);
    assertThat(waiting.err()).contains("result/sure", "Sell tea?");
    assertThat(world.run("runs", "list").out()).contains("one", "price", "waiting");
    world.remove("skills/price/skill.yaml").remove("skills/price/workflow.yaml");

    Result done = world.run("resume", "one", "--yes", "-o", "json");

    assertThat(done.code()).isZero();
    assertThat(done.json().at("/outputs/result").toString())
        .isEqualTo("{\"item\":\"tea\",\"sum\":20,\"note\":\"none\"}");
  }

  @Test
  void inputsOfASkillAreGivenByNameAndCheckedByType() {
    assertThat(
            skill(
                    "run", "price", "tea", "--input", "count=4", "--input", "note=n", "--yes", "-o",
                    "json")
                .json()
                .at("/outputs/result")
                .toString())
        .isEqualTo("{\"item\":\"tea\",\"sum\":40,\"note\":\"n\"}");
    Result twice = skill("run", "price", "tea", "--input", "item=coffee");
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains("The input item is given twice");
    Result none = skill("run", "price");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("workflow skill run FOLDER/skills/price --input item=TEXT");
    assertThat(skill("run", "price", "tea", "--input", "count=x").code()).isEqualTo(2);
  }

  @Test
  void aSkillThatIsNotThereOrNotSoundIsTold() {
    Result none = skill("run", "form", "x", "-o", "json");
    assertThat(none.code()).isEqualTo(4);
    assertThat(none.err()).contains("There is no skill `form`.", "Did you mean `forms`?");
    assertThat(none.json().at("/errors/0/rule").asString()).isEqualTo("missing-skill");
    world.file("skills/forms/SKILL.md", "no fields\n");
    assertThat(skill("run", "forms").code()).isEqualTo(3);
    assertThat(world.run("skill", "run", folder.toString() + "/x/y").err())
        .contains("[skill-place]");
  }

  @Test
  void aQueryFillsASoleTextAndNothingElse() {
    world.file(
        "skills/two/skill.yaml",
        "name: two\ndescription: d\ninputs: [{name: a, type: string}, {name: b, type: string}]\n");
    world.file("skills/two/instructions.md", "Do.\n");
    Result refused = skill("run", "two", "x");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .isEqualTo(
            "workflow: A query fills the sole text that a skill requires, and skill two takes: a,"
                + " b. Write workflow skill run FOLDER/skills/two --input a=... --input b=...\n");
    assertThat(skill("run", "two", "--input", "a=1", "--input", "b=2", "--simulate", echo).out())
        .contains("did: {\\\"a\\\":\\\"1\\\",\\\"b\\\":\\\"2\\\"}");
  }

  @Test
  void whatASkillWouldDoIsShownWithoutStartingAnything() {
    world.file(
        ".mcp.json",
        "{\"mcpServers\": {\"s\": {\"command\": \"touch\", \"args\": [\""
            + folder
            + "/started\"]}}}");

    Result shown = skill("inspect", "price");

    assertThat(folder.resolve("started")).doesNotExist();
    assertThat(shown.out())
        .isEqualTo(
            """
            price 1.0.0: Says a price.
            Folder: FOLDER/skills/price
            Source: project, not installed
            Licence: none is named
            Runs: workflow.yaml, in the place of a model
            Inputs: item: string; count: integer, optional; note: string, optional
            Output: any text

            Policy
              allow_web: false - no tool that serves web_search or fetch_url is bound; the check before the run refuses one
              allow_code_exec: true - nothing is taken away; the skill's own scripts are never run
              deterministic: false - models answer as they are set
              max_tool_calls: 3 - counted by the engine; a call beyond it is not made, and the step fails

            Effects: at most none

            A run takes at most 3 tool calls, 1,000 model calls, any number of tokens and 30m of work.
              Money is not bounded until skill run is given --limit cost='1.00 USD'.
            """);
    assertThat(shown.code()).isZero();

    Result json = skill("inspect", "forms", "--simulate", echo, "-o", "json");
    assertThat(json.json().path("license").asString()).isEqualTo("MIT");
    assertThat(json.json().at("/files/0/path").asString()).isEqualTo("references/fields.md");
    assertThat(json.json().at("/policy/3/value").asString()).isEqualTo("none");
    assertThat(json.json().at("/cost_bound/simulated").asBoolean()).isTrue();
    assertThat(skill("inspect", "none").code()).isEqualTo(4);
  }

  @Test
  void aCapabilityIsBoundByHandAndWhatIsNotKnownWithoutAServerIsTold() {
    world.file(".mcp.json", "{\"mcpServers\": {\"a\": {\"builtin\": \"travel\"}}}");
    world.file(
        "skills/sky/skill.yaml",
        "name: sky\ndescription: d\ncapabilities: {required: [weather_forecast]}\n");
    world.file("skills/sky/instructions.md", "Look.\n");

    assertThat(skill("inspect", "sky", "--simulate", echo).err())
        .contains("Server `a` was never started here");
    Result open = skill("inspect", "sky", "--simulate", echo);
    assertThat(open.out())
        .contains("Capabilities\n  weather_forecast: not known\n", "Effects: not known\n");
    JsonNode json = skill("inspect", "sky", "--simulate", echo, "-o", "json").json();
    assertThat(json.at("/capabilities/0").toString())
        .isEqualTo(
            "{\"capability\":\"weather_forecast\",\"known\":false,\"reason\":\"not known\"}");
    assertThat(json.at("/effects/worst").asString()).isEqualTo("not known");
    Result bound = skill("inspect", "sky", "--simulate", echo, "--bind", "weather_forecast=zz/sky");
    assertThat(bound.code()).isNotZero();
    assertThat(bound.err()).contains("zz");
  }

  @Test
  void theCasesOfASkillAreRunByItsName() {
    Result tested = skill("test", "price");
    assertThat(tested.out()).contains("● ten each", "1 case: 1 passed");
    assertThat(tested.code()).isZero();
    world.file(
        "skills/price/cases/price.yaml",
        "cases: {no: {inputs: {item: x}, expect: {status: failed}}}\n");
    assertThat(skill("test", "price", "-o", "junit").code()).isEqualTo(1);
    assertThat(skill("test", "price", "--case", "zzz").code()).isEqualTo(2);
    assertThat(skill("test", "forms").code()).isEqualTo(2);
    assertThat(skill("test", "pricy").code()).isEqualTo(4);
  }

  @Test
  void whatKeepsASkillFromRunningIsToldOfItsOwnFileAndOfTheCommandLine() {
    world.file(
        "skills/sky/skill.yaml",
        "name: sky\ndescription: d\ncapabilities: {required: [weather_forecast]}\n");
    world.file("skills/sky/instructions.md", "Look.\n");

    Result told = skill("inspect", "sky");

    assertThat(told.code()).isEqualTo(4);
    assertThat(told.err())
        .isEqualTo(
            """
            FOLDER/skills/sky/skill.yaml: error: No tool for capability `weather_forecast` of skill `sky` (agent `result`). There were no tools to look at. Known names for it: get_forecast, get_weather_forecast, forecast, daily_forecast. [missing-capability]
              Add a server that offers it, or name a tool: `--bind weather_forecast=SERVER/TOOL`.

            FOLDER/skills/sky/skill.yaml: error: There is no model alias `default`, which serves agent `result`. [no-default-model]
              Choose it: `--model default=PROVIDER/MODEL`.
            """);
    assertThat(skill("inspect", "sky", "--model", "default=openai/gpt-5").err())
        .doesNotContain("no-default-model");
    assertThat(skill("inspect", "sky", "-o", "json").json().at("/problems/0/file").asString())
        .isEqualTo("FOLDER/skills/sky/skill.yaml");
  }
}
