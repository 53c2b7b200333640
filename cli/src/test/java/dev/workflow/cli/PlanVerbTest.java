package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Steps that write a plan, and steps that run one. */
class PlanVerbTest {
  private static final String WORKFLOW =
      """
      name: planning
      inputs: {n: integer}
      models: {m: openai/gpt-5}
      simulate: answers.yaml
      agents:
        planner: {model: m, instructions: You plan.}
        worker: {model: m, instructions: You count.}
      steps:
        known: {set: {size: 3}}
        route:
          plan: planner
          prompt: "Count to {n}."
          context: [known]
          allow: {agents: [worker]}
        go: {workflow: "${route}", with: {to: "${n}"}}
      outputs: {count: "${go.count}", goal: "${route.plan.goal}", why: "${route.plan.reasons}"}
      """;

  /** A sound plan: a person is asked, an agent counts. */
  private static final String SOUND =
      """
            reasons: One step counts.
            inputs: {to: integer}
            steps:
              approve: {ask: "Count to $${to}?"}
              counted: {agent: worker, prompt: "Count to $${to}", output: {count: integer}, needs: [approve]}
            outputs: {count: "$${counted.count}"}
      """;

  private static final String WORKER =
      """
        - agent: worker
          answer: {count: "${inputs.to}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private String workflow(String... plans) {
    StringBuilder answers = new StringBuilder("answers:\n");
    for (int i = 0; i < plans.length; i++) {
      answers.append("  - agent: planner\n    turn: %d\n    answer:\n".formatted(i + 1));
      answers.append(plans[i]);
    }
    world.file("answers.yaml", answers + WORKER);
    return world.file("planning.yaml", WORKFLOW);
  }

  private static String plan(String steps) {
    return "      reasons: So it is.\n      steps: " + steps + "\n";
  }

  private List<String> events(String run) {
    return world
        .run("runs", "export", run)
        .out()
        .lines()
        .map(line -> JsonMapper.shared().readTree(line).path("type").asString(""))
        .toList();
  }

  private static long count(List<String> events, String type) {
    return events.stream().filter(type::equals).count();
  }

  @Test
  void aPlanIsWrittenCheckedAndRun() {
    Result result = world.run("run", workflow(SOUND), "--input", "n=3", "--yes", "--run-id", "one");

    assertThat(result.err()).contains("succeeded");
    assertThat(result.json())
        .isEqualTo(json("{'count':3,'goal':'Count to 3.','why':'One step counts.'}"));
    List<String> events = events("one");
    assertThat(count(events, "model_called")).isEqualTo(2);
    assertThat(count(events, "plan_checked")).isOne();
    assertThat(events.indexOf("plan_checked"))
        .isLessThan(events.indexOf("question_asked"))
        .isGreaterThan(events.indexOf("model_replied"));
  }

  @Test
  void aResumedRunAsksThePlannerNoMore() {
    Result asked = world.run("run", workflow(SOUND), "--input", "n=3", "--run-id", "one");
    assertThat(asked.code()).isEqualTo(5);
    assertThat(asked.err()).contains("go/approve asks: Count to 3?");
    world.remove("answers.yaml").remove("planning.yaml");

    Result done = world.run("resume", "one", "--answer", "go/approve={\"decision\":\"approve\"}");

    assertThat(done.err()).contains("succeeded");
    assertThat(done.json().path("count").asInt(0)).isEqualTo(3);
    assertThat(count(events("one"), "model_called")).isEqualTo(2);
    assertThat(count(events("one"), "plan_checked")).isOne();
  }

  @Test
  void aPlanIsRepairedByWhatTheCheckSays() {
    Result result =
        world.run(
            "run",
            workflow(
                plan("{a: {agent: planner, prompt: p}}"),
                plan("{a: {set: \"$${b}\"}, b: {set: \"$${a}\"}}"),
                SOUND),
            "--input",
            "n=3",
            "--yes",
            "--run-id",
            "one");

    assertThat(result.err()).contains("succeeded");
    assertThat(count(events("one"), "model_called")).isEqualTo(4);
    String journal = world.run("runs", "export", "one").out();
    assertThat(journal)
        .contains("Step `a`: this plan may not use the agent `planner`. Known: worker.")
        .contains("These steps wait for each other: a -> b -> a.");
  }

  @Test
  void aPlannerThatKeepsProposingAForbiddenToolIsRefusedWithTheReason() {
    String forbidden = plan("{a: {tool: secret/delete, with: {}}}");

    Result result =
        world.run(
            "run",
            workflow(forbidden, forbidden, forbidden, SOUND),
            "--input",
            "n=3",
            "--yes",
            "--run-id",
            "one");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .contains("✗ route")
        .contains("Step `a`: this plan may not use the tool `secret/delete`. It may use none.");
    List<String> events = events("one");
    assertThat(count(events, "model_called")).isEqualTo(3);
    assertThat(count(events, "plan_checked")).isZero();
  }

  @Test
  void whatIsNotForAPlanToSayIsRefused() {
    Result result =
        world.run(
            "run",
            workflow(
                """
                      agents: {worker: {model: openai/gpt-5}}
                      steps:
                        a: {workflow: other.yaml}
                        b: {plan: worker, prompt: p}
                        c: {agent: worker, prompt: p, effects: read}
                """,
                "      steps: {a: {skill: travel-plan}, b: {capability: web_search}}\n",
                SOUND),
            "--input",
            "n=3",
            "--yes",
            "--run-id",
            "one");

    assertThat(result.err()).contains("succeeded");
    assertThat(world.run("runs", "export", "one").out())
        .contains("`agents` is not for a plan to say: expected only")
        .contains("There is no workflow file `other.yaml`.")
        .contains("Step `b`: `plan` is not for a plan to use.")
        .contains("Step `c`: a plan does not say what effects a call has; leave out `effects`.");
  }

  @Test
  void onlyAPlanOfAStepCanBeRun() {
    String path =
        world.file(
            "wrong.yaml",
            """
            models: {m: openai/gpt-5}
            agents: {planner: {model: m}}
            steps:
              value: {set: {steps: {a: {set: 1}}}}
              each_one: {each: "x in [1]", plan: planner, prompt: p}
              no_plan: {workflow: "${value}"}
              several: {workflow: "${each_one}"}
              unknown: {workflow: "${nothing}"}
              shaped: {plan: nobody, prompt: p, output: {a: string}, allow: {agents: [none]}}
            """);

    assertThat(world.run("validate", path).err().lines().filter(l -> l.contains("error:")).toList())
        .containsExactly(
            "FOLDER/wrong.yaml:6:23: error: Expected a file or one plan for `workflow` of step"
                + " `no_plan`, found `value`, a step with `set`. [no-plan]",
            "FOLDER/wrong.yaml:7:23: error: Expected a file or one plan for `workflow` of step"
                + " `several`, found `each_one`, which gives several. [no-plan]",
            "FOLDER/wrong.yaml:8:23: error: Step `unknown` waits for `nothing`, and there is no such"
                + " step. [unknown-step]",
            "FOLDER/wrong.yaml:9:18: error: Step `shaped` names agent `nobody`, and there is none."
                + " [unknown-agent]",
            "FOLDER/wrong.yaml:9:37: error: The output of step `shaped` is a plan, whose shape is"
                + " given. [plan-output]",
            "FOLDER/wrong.yaml:9:75: error: Step `shaped` names agent `none`, and there is none."
                + " [unknown-agent]");
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }
}
