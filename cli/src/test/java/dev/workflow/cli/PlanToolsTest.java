package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Agents that write plans over their tools and run them, on a server that keeps a ledger. */
class PlanToolsTest {
  private static final String WORKFLOW =
      """
      inputs: {n?: integer}
      models: {m: openai/gpt-5}
      simulate: answers.yaml
      limits: {concurrency: 1}
      agents:
        buyer: {model: m, servers: [shop], tools: [shop/order, shop/find], plan_tools: true}
      steps:
        buy: {agent: buyer, prompt: Buy what we need., output: {got: string}}
      outputs: {got: "${buy.got}"}
      """;

  /** Two orders, one after the other, and what was ordered. */
  private static final String TWO =
      """
      {reasons: Two things., inputs: {first: string},
       steps: {
         one: {tool: shop/order, with: {item: "$${first}", key: "1"}},
         two: {tool: shop/order, with: {item: milk, key: "2"}, needs: [one]}},
       outputs: {all: "$${one.order} $${two.order}"}
      """;

  private static final String GOT_ALL = "      - answer: {got: \"${tools.plan_execute.all}\"}\n";

  private final EffectsWorld world;

  PlanToolsTest(@TempDir Path folder) {
    this.world = new EffectsWorld(folder);
  }

  /** The turns of the agent. */
  private Result run(String turns, String... options) {
    world.commands().file("answers.yaml", "answers:\n  - agent: buyer\n    turns:\n" + turns);
    return world.run(WORKFLOW, options);
  }

  private static String calls(String... calls) {
    StringBuilder turn = new StringBuilder("      - calls:\n");
    for (String call : calls) {
      turn.append("          - ").append(call.indent(12).strip()).append('\n');
    }
    return turn.toString();
  }

  private static String create(String plan) {
    return "{tool: plan_create, with: " + plan.strip() + "}}";
  }

  private static String execute(String plan, String inputs) {
    return "{tool: plan_execute, with: {plan: " + plan + ", inputs: " + inputs + "}}";
  }

  private List<JsonNode> events(String type) {
    return events("one", type);
  }

  private List<JsonNode> events(String run, String type) {
    return world
        .commands()
        .run("runs", "export", run)
        .out()
        .lines()
        .map(line -> JsonMapper.shared().readTree(line))
        .filter(event -> event.path("type").asString("").equals(type))
        .toList();
  }

  /** What the engine made of the calls for plans: answers and problems. */
  private List<String> told() {
    return events("model_replied").stream()
        .flatMap(event -> event.at("/reply/calls").valueStream())
        .filter(call -> call.path("server").asString("").isEmpty())
        .map(call -> call.path("problem").asString(call.path("answer").asString("")))
        .toList();
  }

  @Test
  void aPlanIsCheckedFirstAndRunAfterwardsAndItsOutputsAreTheResult() {
    Result result = run(calls(create(TWO)) + calls(execute("plan_1", "{first: tea}")) + GOT_ALL);

    assertThat(result.err()).contains("succeeded");
    assertThat(result.json().at("/outputs/got").asString()).isEqualTo("tea milk");
    assertThat(world.ledger()).containsExactly("order tea", "order milk");
    assertThat(told().getFirst())
        .isEqualTo(
            "{\"plan\":\"plan_1\",\"steps\":{\"one\":\"shop/order (destructive)\","
                + "\"two\":\"shop/order (destructive)\"},\"inputs\":{\"type\":\"object\","
                + "\"properties\":{\"first\":{\"type\":\"string\"}},\"required\":[\"first\"],"
                + "\"additionalProperties\":false},"
                + "\"note\":\"Nothing has run yet. Run it with plan_execute.\"}");
    assertThat(EffectsWorld.status(result, "buy.plan/two")).isEqualTo("succeeded");
    assertThat(result.err().lines().filter(line -> line.contains("buy")))
        .containsExactly(
            "◉ buy  agent buyer",
            "◉ buy  begins a plan of its own",
            "◉ buy.plan/one  shop/order",
            "● buy.plan/one  T s",
            "◉ buy.plan/two  shop/order",
            "● buy.plan/two  T s",
            "● buy.plan  T s",
            "● buy  T s");
    assertThat(world.commands().run("inspect", world.file("w.yaml", WORKFLOW)).out())
        .contains("    writes and runs plans over its tools as it sees fit");
    assertThat(events("plan_checked")).hasSize(1);
  }

  @Test
  void aPlanIsCheckedAndRunInOneCall() {
    Result result =
        run(
            calls("{tool: plan_create_and_execute, with: " + TWO.strip() + ", with: {first: tea}}}")
                + "      - answer: {got: \"${tools.plan_create_and_execute.all}\"}\n");

    assertThat(result.json().at("/outputs/got").asString()).isEqualTo("tea milk");
    assertThat(world.ledger()).containsExactly("order tea", "order milk");
  }

  @Test
  void onePlanRunsAsOftenAsItIsCalledForEachTimeUnderAPathOfItsOwn() {
    Result result =
        run(
            calls(create(TWO), execute("plan_1", "{first: tea}"))
                + calls(execute("plan_1", "{first: jam}"))
                + GOT_ALL);

    assertThat(result.json().at("/outputs/got").asString()).isEqualTo("jam milk");
    assertThat(world.ledger())
        .containsExactly("order tea", "order milk", "order jam", "order milk");
    assertThat(EffectsWorld.status(result, "buy.plan~1/one")).isEqualTo("succeeded");
    assertThat(events("plan_checked")).hasSize(1);
  }

  @Test
  void whatAPlanMayNotDoIsToldToTheModelWhichRepairsIt() {
    Result result =
        run(
            calls(
                    "{tool: plan_create, with: {reasons: r, steps: {a: {tool: shop/cancel, with:"
                        + " {order: tea}}}}}",
                    "{tool: plan_create, with: {reasons: r, steps: {a: {agent: buyer, prompt:"
                        + " p}}}}",
                    "{tool: plan_create, with: {reasons: r, steps: {a: {set: \"$${b}\"}, b: {set:"
                        + " \"$${a}\"}}}}",
                    "{tool: plan_create, with: {reasons: r, steps: {a: {tool: shop/order, with:"
                        + " {item: x, key: k}, effects: read}}}}",
                    "{tool: plan_create, with: {reasons: r, steps: {a: {set: 1, undo: {set: 2}}}}}",
                    "{tool: plan_create, with: {reasons: r, steps: {a: {set: 1, on_error:"
                        + " replan}}}}",
                    "{tool: plan_create, with: {reasons: r}}",
                    execute("plan_1", "{}"))
                + calls(create(TWO), execute("plan_1", "{last: tea}"))
                + calls(execute("plan_1", "{first: tea}"))
                + GOT_ALL);

    assertThat(result.json().at("/outputs/got").asString()).isEqualTo("tea milk");
    List<String> told = told();
    assertThat(told.get(0))
        .isEqualTo(
            "The plan does not pass the check; nothing was called:\n"
                + "- Step `a`: this plan may not use the tool `shop/cancel`. Known: shop/find,"
                + " shop/order.");
    assertThat(told.get(1)).contains("Step `a`: this plan may not use the agent `buyer`.");
    assertThat(told.get(2)).contains("These steps wait for each other: a -> b -> a.");
    assertThat(told.get(3)).contains("Step `a`: a plan does not say what effects a call has");
    assertThat(told.get(4)).contains("Step `a`: `undo` is not for such a plan to use.");
    assertThat(told.get(5)).contains("Step `a`: `on_error: replan` is not for such a plan to use.");
    assertThat(told.get(6)).contains("do not fit the input schema of plan_create");
    assertThat(told.get(7)).isEqualTo("There is no such plan. Write one with plan_create.");
    assertThat(told.get(9))
        .startsWith("What the plan is given does not fit its inputs; nothing was called:")
        .contains("first");
    assertThat(world.ledger()).containsExactly("order tea", "order milk");
  }

  @Test
  void aPlanThatFailsInsideIsToldToTheModelWithWhatStands() {
    Result result =
        run(
            calls(
                    "{tool: plan_create_and_execute, with: {reasons: r, steps: {"
                        + "a: {tool: shop/order, with: {item: tea, key: k}}, "
                        + "b: {fail: no milk, needs: [a]}}}}")
                + "      - answer: {got: \"${errors.plan_create_and_execute}\"}\n");

    assertThat(result.json().at("/outputs/got").asString())
        .isEqualTo(
            "The plan failed: buy.plan/b failed: no milk\nWhat these of its steps did stands: a");
    assertThat(result.code()).isZero();
  }

  @Test
  void aPlanIsPaidFromTheLimitsOfTheRun() {
    Result result =
        run(
            calls(create(TWO), execute("plan_1", "{first: tea}")) + GOT_ALL,
            "--limit",
            "tool_calls=1");

    assertThat(result.code()).isEqualTo(6);
    assertThat(world.ledger()).containsExactly("order tea");

    Result resumed = world.resume("--limit", "tool_calls=9");
    assertThat(resumed.json().at("/outputs/got").asString()).isEqualTo("tea milk");
    assertThat(world.ledger()).containsExactly("order tea", "order milk");
    assertThat(events("model_called")).hasSize(2);
  }

  @Test
  void aPersonIsAskedInThePlanAndTheResumedRunAsksTheModelNoMore() {
    String turns =
        calls(
                "{tool: plan_create_and_execute, with: {reasons: r, steps: {"
                    + "sure: {ask: Buy tea?}, "
                    + "a: {tool: shop/order, with: {item: tea, key: k}, needs: [sure]}}, "
                    + "outputs: {all: \"$${a.order}\"}}}")
            + "      - answer: {got: \"${tools.plan_create_and_execute.all}\"}\n";
    Result asked = run(turns);
    assertThat(asked.code()).isEqualTo(5);
    assertThat(asked.err()).contains("buy.plan/sure");
    world.commands().remove("answers.yaml").remove("w.yaml");

    Result done = world.resume("--answer", "buy.plan/sure={\"decision\":\"approve\"}");

    assertThat(done.json().at("/outputs/got").asString()).isEqualTo("tea");
    assertThat(world.ledger()).containsExactly("order tea");
    assertThat(events("model_called")).hasSize(2);
    assertThat(events("plan_checked")).hasSize(1);
  }

  @Test
  void aCallOfAPlanWhoseAnswerIsLostWaitsForADecision() {
    world.flag("after");
    Result lost = run(calls(create(TWO), execute("plan_1", "{first: tea}")) + GOT_ALL);
    assertThat(lost.code()).isEqualTo(8);
    assertThat(lost.err()).contains("buy.plan/one");

    Result done =
        world.resume(
            "--answer", "buy.plan/one={\"decision\":\"done\",\"output\":{\"order\":\"tea\"}}");

    assertThat(done.err()).contains("succeeded");
    assertThat(world.ledger()).containsExactly("order tea", "order milk");
  }

  @Test
  void aForkGoesOnFromAStepOfThePlan() {
    run(
        calls(
                "{tool: plan_create_and_execute, with: {reasons: r, steps: {"
                    + "one: {tool: shop/order, with: {item: tea, key: k}}, "
                    + "two: {tool: shop/find, with: {key: k}, needs: [one]}, "
                    + "three: {set: \"$${two.order}\"}}, "
                    + "outputs: {all: \"$${three}\"}}}")
            + "      - answer: {got: \"${tools.plan_create_and_execute.all}\"}\n");

    Result fork =
        world
            .commands()
            .run("fork", "one", "--at", "buy.plan/two", "--run-id", "two", "-o", "json");

    assertThat(fork.err()).contains("succeeded");
    assertThat(fork.json().at("/outputs/got").asString()).isEqualTo("tea");
    assertThat(world.asked().stream().map(line -> line.split(" ", -1)[0]))
        .containsExactly("order", "find", "find");
    assertThat(events("two", "model_called")).hasSize(2);
    assertThat(events("two", "subplan_ended")).hasSize(1);
    assertThat(events("two", "step_prepared").getLast().path("step").asString())
        .isEqualTo("buy.plan/three");
  }

  @Test
  void everyElementOfAFanOutInAnotherWorkflowHasPlansOfItsOwn() {
    world
        .commands()
        .file(
            "answers.yaml",
            "answers:\n  - agent: buyer\n    turns:\n"
                + calls(
                    "{tool: plan_create_and_execute, with: {reasons: r, inputs: {thing: string},"
                        + " steps: {a: {each: 'item in [thing]', tool: shop/order, with: {item:"
                        + " \"$${item}\", key: k}}}, outputs: {all: \"$${a[0].order}\"}, with:"
                        + " {thing: \"${prompt + '!'}\"}}}")
                + "      - answer: {got: \"${tools.plan_create_and_execute.all}\"}\n");
    world.file(
        "one.yaml",
        """
        inputs: {items: [string]}
        models: {m: openai/gpt-5}
        agents: {buyer: {model: m, servers: [shop], tools: [shop/order], plan_tools: true}}
        steps:
          bought: {each: item in items, agent: buyer, prompt: "{item}", output: {got: string}}
        outputs: {got: "${bought.map(i, i.got)}"}
        """);

    Result result =
        world.run(
            """
            models: {m: openai/gpt-5}
            simulate: answers.yaml
            limits: {concurrency: 1}
            steps:
              buy: {each: "item in [['tea', 'milk']]", workflow: one.yaml, with: {items: "${item}"}}
            outputs: {got: "${buy[0].got}"}
            """);

    assertThat(result.json().at("/outputs/got"))
        .as("%s", result.err())
        .hasToString("[\"tea!\",\"milk!\"]");
    assertThat(EffectsWorld.status(result, "buy[0]/bought[1].plan/a[0]")).isEqualTo("succeeded");
    assertThat(world.ledger()).containsExactlyInAnyOrder("order tea!", "order milk!");
  }

  @Test
  void whatTheStepOfTheAgentMayUseUpIsUsedUpByItsPlansAsWell() {
    world
        .commands()
        .file(
            "answers.yaml",
            "answers:\n  - agent: buyer\n    turns:\n"
                + calls(create(TWO), execute("plan_1", "{first: tea}"))
                + "      - answer: {got: \"${errors.plan_execute}\"}\n");
    Result result =
        world.run(
            WORKFLOW.replace(
                "output: {got: string}}", "output: {got: string}, limits: {tool_calls: 2}}"));

    assertThat(result.json().at("/outputs/got").asString())
        .isEqualTo(
            "The plan failed: buy.plan/two failed: The plan of step buy has made the 1 tool calls"
                + " that limits.tool_calls allows\nWhat these of its steps did stands: one");
    assertThat(world.ledger()).containsExactly("order tea");
  }

  @Test
  void withoutTheKeyAnAgentHasNoSuchTools() {
    world
        .commands()
        .file(
            "answers.yaml",
            "answers:\n  - agent: buyer\n    turns:\n"
                + calls(create(TWO))
                + "      - answer: {got: \"${errors.plan_create}\"}\n");
    Result result = world.run(WORKFLOW.replace(", plan_tools: true", ""));

    assertThat(result.json().at("/outputs/got").asString())
        .isEqualTo("There is no tool plan_create. The tools are: order, find.");
  }
}
