package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a failure a run goes another way, where there is one. */
class ReplanTest {
  private static final String FORECAST =
      """
      bindings: {weather_forecast: a/weather_forecast}
      steps:
        place: {set: Raglan}
        forecast:
          capability: weather_forecast
          with: {place: "${place}"}
          on_error: replan
        advice: {set: "It is ${forecast.celsius} degrees in ${place}"}
      outputs: {advice: "${advice}"}
      """;

  @TempDir private Path folder;

  @Test
  void anotherToolOfTheSameCapabilityTakesOverWithoutAModel() {
    ReplanWorld world =
        new ReplanWorld(folder)
            .withoutModels()
            .station("a", "weather_forecast")
            .station("b", "get_forecast")
            .flag("dead-a");
    Result result = world.run(FORECAST);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs"))
        .hasToString("{\"advice\":\"It is 18 degrees in Raglan\"}");
    assertThat(world.ledger()).containsExactly("b get_forecast Raglan");
    assertThat(result.json().path("replans").asInt()).isEqualTo(1);
  }

  private static final String NORMALS =
      "{reasons: normals do, steps: {"
          + "usual: {tool: c/normals, with: {place: '${place}'}}, "
          + "advice: {set: 'Usually it is ${usual.celsius} degrees'}}}";

  /** A station that works, and is used, so that a plan may use it. */
  private static String withNormals(String workflow) {
    return workflow.replace(
        "  place: {set: Raglan}",
        "  place: {set: Raglan}\n  other: {tool: c/normals, with: {place: Dunedin}}");
  }

  private static final String MAY_NOT_PLAN = "agents: {replanner: {limits: {replans: 0}}}\n";

  private ReplanWorld stations() {
    return new ReplanWorld(folder).station("a", "weather_forecast").station("c", "normals", "book");
  }

  private static String error(Result result, String step) {
    return ReplanWorld.step(result, step).path("error").toString();
  }

  @Test
  void thePlannerWritesAnotherWay() {
    ReplanWorld world = stations().plans(NORMALS).flag("dead-a");
    Result result = world.run(withNormals(FORECAST));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs"))
        .hasToString("{\"advice\":\"Usually it is 15 degrees\"}");
    assertThat(world.ledger()).containsExactly("c normals Dunedin", "c normals Raglan");
    assertThat(result.json().path("replans").asInt()).isEqualTo(1);
  }

  @Test
  void withNoOtherToolAndNoModelTheFailureSaysWhatIsMissing() {
    ReplanWorld world = stations().withoutModels().flag("dead-a");
    Result result = world.run(FORECAST);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(result.err()).contains("[no-replanner]");
    assertThat(error(result, "forecast")).contains("No other way: there is no model");
  }

  @Test
  void aToolThatDoesNotPassTheCheckDoesNotTakeOver() {
    ReplanWorld world =
        new ReplanWorld(folder)
            .withoutModels()
            .station("a", "get_forecast")
            .station("b", "weather_forecast")
            .flag("dead-a");
    Result result =
        world.run(
            FORECAST
                .replace("a/weather_forecast", "a/get_forecast")
                .replace("in ${place}\"", "in ${place}, says ${forecast.by}\""));
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(world.ledger()).isEmpty();
  }

  private void refused(String plan, String reason) {
    ReplanWorld world = stations().plans(plan).flag("dead-a");
    Result result = world.run(withNormals(FORECAST));
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "forecast")).contains(reason);
    assertThat(world.ledger()).containsExactly("c normals Dunedin");
    assertThat(result.json().at("/usage/model_calls").asInt()).isEqualTo(3);
    assertThat(result.json().path("replans").asInt()).isZero();
  }

  @Test
  void aForbiddenToolIsRefused() {
    refused(
        NORMALS.replace(
            "tool: c/normals, with: {place: '${place}'}", "tool: c/book, with: {what: x}"),
        "this plan may not use the tool `c/book`");
  }

  @Test
  void aCircleIsRefused() {
    refused(
        "{reasons: r, steps: {advice: {set: '${usual}'}, usual: {set: '${advice}'}}}",
        "These steps wait for each other: advice -> usual -> advice.");
  }

  @Test
  void thePlanThatFailedIsRefused() {
    refused(
        "{reasons: r, steps: {"
            + "forecast: {capability: weather_forecast, with: {place: '${place}'}}, "
            + "advice: {set: 'It is ${forecast.celsius} degrees in ${place}'}}}",
        "Step `forecast` does again what has failed");
  }

  @Test
  void theFailedCallByAnotherNameIsRefused() {
    refused(
        "{reasons: r, steps: {"
            + "again: {tool: a/weather_forecast, with: {place: '${place}'}}, "
            + "advice: {set: '${again.celsius}'}}}",
        "Step `again` does again what has failed");
  }

  @Test
  void theIdOfAStepThatStaysIsRefused() {
    refused(
        NORMALS.replace("steps: {", "steps: {place: {set: Hamilton}, "),
        "Step `place` stays as it is");
  }

  @Test
  void keysThatAreNotForAPlanAreRefused() {
    refused(NORMALS.replace("steps: {", "limits: {replans: 9}, steps: {"), "`limits` is not for");
  }

  @Test
  void whatTheOutputsNameMustExist() {
    refused(NORMALS.replace("advice: {set", "tip: {set"), "advice");
  }

  private static final String BOOKED =
      """
      bindings: {weather_forecast: a/weather_forecast}
      steps:
        place: {set: Raglan}
        other: {tool: c/normals, with: {place: Dunedin}}
        forecast:
          capability: weather_forecast
          with: {place: "${place}"}
          on_error: replan
        book:
          tool: c/book
          with: {what: "trip ${forecast.celsius}"}
      outputs: {ticket: "${book.ticket}"}
      """;

  private static final String BOOKING =
      "{reasons: normals do, steps: {"
          + "usual: {tool: c/normals, with: {place: '${place}'}}, "
          + "book: {tool: c/book, with: {what: 'trip ${usual.celsius}'}}}}";

  @Test
  void noEffectIsMadeWeaker() {
    ReplanWorld world =
        stations()
            .plans(BOOKING.replace("usual.celsius}'}", "usual.celsius}'}, effects: read"))
            .flag("dead-a");
    Result result = world.run(BOOKED);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "forecast"))
        .contains("Step `book`: a plan does not say what effects a call has");
    assertThat(world.ledger()).containsExactly("c normals Dunedin");
  }

  @Test
  void aNewDestructiveCallIsApprovedByAPersonAndNotByYes() {
    ReplanWorld world = stations().plans(BOOKING).flag("dead-a");
    Result result = world.run(BOOKED, "--yes");
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.WAITING);
    assertThat(world.ledger()).containsExactly("c normals Dunedin");
    Result resumed = world.resume("--answer", "forecast.approve={\"decision\":\"approve\"}");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(world.ledger())
        .containsExactly("c normals Dunedin", "c normals Raglan", "c book trip 15");
    assertThat(resumed.json().at("/usage/model_calls").asInt()).isEqualTo(1);
  }

  @Test
  void aPlanThatIsRejectedEndsTheStep() {
    ReplanWorld world = stations().plans(BOOKING).flag("dead-a");
    Result result = world.run(BOOKED, "--answer", "forecast.approve={\"decision\":\"reject\"}");
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(world.ledger()).containsExactly("c normals Dunedin");
  }

  @Test
  void whatWasApprovedWithThePlanNeedsNoQuestion() {
    ReplanWorld world =
        stations()
            .plans(
                "{reasons: r, steps: {"
                    + "forecast: {tool: c/normals, with: {place: '${place}'}}, "
                    + "book: {tool: c/book, with: {what: 'trip ${forecast.celsius}'}}}}")
            .flag("dead-a");
    Result result = world.run(BOOKED);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(world.ledger())
        .containsExactly("c normals Dunedin", "c normals Raglan", "c book trip 15");
  }

  @Test
  void noReplanIsAllowedWhereTheLimitSaysSo() {
    ReplanWorld world = stations().station("b", "get_forecast").plans(NORMALS).flag("dead-a");
    Result result = world.run(withNormals(FORECAST), "--limit", "replans=0");
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "forecast")).contains("No other way: limits.replans allows 0");
  }

  @Test
  void aStepMayHaveALimitOfItsOwn() {
    ReplanWorld world = stations().station("b", "get_forecast").plans(NORMALS).flag("dead-a");
    Result result =
        world.run(
            withNormals(FORECAST)
                .replace("on_error: replan", "on_error: replan\n    limits: {replans: 0}"));
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "forecast"))
        .contains(
            "No other way: Step forecast has made the 0 changes of plan that limits.replans"
                + " allows");
  }

  @Test
  void anAgentThatMayNotPlanAnyMoreIsNotAsked() {
    ReplanWorld world = stations().plans(NORMALS).flag("dead-a");
    Result refused = world.run(MAY_NOT_PLAN + withNormals(FORECAST));
    assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(refused, "forecast"))
        .contains(
            "No other way: Agent replanner has made the 0 changes of plan that limits.replans"
                + " allows");
  }

  @Test
  void anotherToolTakesOverThoughTheAgentMayNotPlan() {
    ReplanWorld world = stations().station("b", "get_forecast").plans(NORMALS).flag("dead-a");
    Result repaired = world.run(MAY_NOT_PLAN + withNormals(FORECAST));
    assertThat(repaired.code()).as(repaired.err()).isZero();
  }

  @Test
  void afterTheLastReplanTheStepFailsAndPartialOutputsRemain() {
    ReplanWorld world =
        stations().station("b", "get_forecast").plans(NORMALS).flag("dead-a").flag("dead-b");
    Result result =
        world.run(
            withNormals(FORECAST).replace("outputs: {", "outputs: {place: \"${place}\", "),
            "--limit",
            "replans=1");
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "forecast~1")).contains("limits.replans allows 1");
    assertThat(result.json().path("outputs")).hasToString("{\"place\":\"Raglan\"}");
    assertThat(result.json().path("replans").asInt()).isEqualTo(1);
  }

  @Test
  void afterAnotherToolHasFailedTooThePlannerIsAsked() {
    ReplanWorld world =
        stations().station("b", "get_forecast").plans(NORMALS).flag("dead-a").flag("dead-b");
    Result result = world.run(withNormals(FORECAST));
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("replans").asInt()).isEqualTo(2);
  }

  @Test
  void severalElementsThatFailAtOnceAreMendedByOneChange() {
    ReplanWorld world =
        new ReplanWorld(folder)
            .withoutModels()
            .station("a", "weather_forecast")
            .station("b", "get_forecast")
            .flag("dead-a");
    Result result =
        world.run(
            """
            bindings: {weather_forecast: a/weather_forecast}
            on_error: replan
            steps:
              forecast:
                each: p in ["Raglan", "Dunedin", "Gore"]
                capability: weather_forecast
                with: {place: "${p}"}
            outputs: {all: "${forecast.map(f, f.celsius)}"}
            """);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs")).hasToString("{\"all\":[18,18,18]}");
    assertThat(world.ledger())
        .containsExactlyInAnyOrder(
            "b get_forecast Raglan", "b get_forecast Dunedin", "b get_forecast Gore");
    assertThat(result.json().path("replans").asInt()).isEqualTo(1);
  }

  @Test
  void anEachWhoseElementsFailIsReplacedAsAWhole() {
    ReplanWorld world =
        stations()
            .plans(
                "{reasons: r, steps: {forecast: {each: 'p in places', tool: c/normals,"
                    + " with: {place: '${p}'}}}}")
            .flag("dead-a");
    Result result =
        world.run(
            """
            on_error: replan
            steps:
              places: {set: [Raglan, Dunedin]}
              other: {tool: c/normals, with: {place: Gore}}
              forecast:
                each: p in places
                tool: a/weather_forecast
                with: {place: "${p}"}
            outputs: {all: "${forecast.map(f, f.celsius)}"}
            """);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs")).hasToString("{\"all\":[15,15]}");
  }

  @Test
  void aStepInsideAGroupGoesAnotherWayInThatGroup() {
    ReplanWorld world =
        stations()
            .plans(
                "{reasons: r, steps: {usual: {tool: c/normals, with: {place: '${place}'}},"
                    + " tip: {set: 'about ${usual.celsius} at ${spot}'}}}")
            .flag("dead-a");
    Result result =
        world.run(
            """
            steps:
              place: {set: Raglan}
              other: {tool: c/normals, with: {place: Gore}}
              day:
                each: spot in ["beach", "hill"]
                steps:
                  forecast:
                    tool: a/weather_forecast
                    with: {place: "${place}"}
                    on_error: replan
                  tip: {set: "${forecast.celsius} at ${spot}"}
                outputs: {tip: "${tip}"}
            outputs: {tips: "${day.map(d, d.tip)}"}
            """);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs"))
        .hasToString("{\"tips\":[\"about 15 at beach\",\"about 15 at hill\"]}");
  }

  @Test
  void aStepOfAnotherWorkflowGoesAnotherWayThere() {
    ReplanWorld world =
        stations()
            .plans(
                "{reasons: r, steps: {usual: {tool: c/normals, with: {place: '${town}'}},"
                    + " tip: {set: 'about ${usual.celsius}'}}}")
            .flag("dead-a");
    world
        .commands()
        .file(
            "legs/leg.yaml",
            """
            inputs: {town: string}
            steps:
              seen: {tool: c/normals, with: {place: Gore}}
              forecast: {tool: a/weather_forecast, with: {place: "${town}"}, on_error: replan}
              tip: {set: "${forecast.celsius}"}
            outputs: {tip: "${tip}"}
            """);
    Result result =
        world.run(
            """
            steps:
              leg: {workflow: legs/leg.yaml, with: {town: Raglan}}
            outputs: {tip: "${leg.tip}"}
            """);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs")).hasToString("{\"tip\":\"about 15\"}");
  }

  @Test
  void aCapabilityOfAnotherWorkflowIsServedByAnotherTool() {
    ReplanWorld world =
        new ReplanWorld(folder)
            .withoutModels()
            .station("a", "weather_forecast")
            .station("b", "get_forecast")
            .flag("dead-a");
    world
        .commands()
        .file(
            "legs/leg.yaml",
            """
            inputs: {town: string}
            bindings: {weather_forecast: a/weather_forecast}
            on_error: replan
            steps:
              forecast: {capability: weather_forecast, with: {place: "${town}"}}
            outputs: {tip: "${forecast.celsius}"}
            """);
    Result result =
        world.run(
            """
            steps:
              legs: {each: 't in ["Gore", "Raglan"]', concurrency: 1, workflow: legs/leg.yaml, with: {town: "${t}"}}
            outputs: {tips: "${legs.map(l, l.tip)}"}
            """);
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs")).hasToString("{\"tips\":[18,18]}");
    assertThat(world.ledger()).containsExactly("b get_forecast Gore", "b get_forecast Raglan");
  }

  @Test
  void thePlannerSeesTheFailureTheOutputsTheStepsAndTheTools() {
    ReplanWorld world =
        stations()
            .answers(
                "answers:\n  - agent: replanner\n    when: >-\n"
                    + "      prompt.contains('Step `forecast` of the plan `trip` has failed')"
                    + " and prompt.contains('server \\'a\\' ended')"
                    + " and prompt.contains('{\"celsius\":15}')"
                    + " and prompt.contains('\"capability\":\"weather_forecast\"')"
                    + " and prompt.contains('It is $' + '{forecast.celsius} degrees')"
                    + " and prompt.contains('{\"advice\":\"$' + '{advice}\"}')\n    answer: "
                    + NORMALS.replace("${", "$${"))
            .flag("dead-a");
    Result result = world.run(withNormals(FORECAST));
    assertThat(result.code()).as(result.err() + result.out()).isZero();
  }

  @Test
  void aRunThatWentAnotherWayIsNoChangeOfItsFile() {
    ReplanWorld world = stations().plans(BOOKING).flag("dead-a").station("b", "get_forecast");
    String steps =
        BOOKED.replace(
            "  book:\n", "  sure: {ask: 'Go?', needs: [forecast]}\n  book:\n    needs: [sure]\n");
    Result waits = world.run(steps);
    assertThat(waits.code()).as(waits.err()).isEqualTo(ExitCode.WAITING);
    assertThat(waits.json().path("replans").asInt()).isEqualTo(1);
    world.file("w.yaml", steps + "# a comment\n");
    Result adopted = world.resume("--adopt", "--trust");
    assertThat(adopted.code()).as(adopted.err()).isEqualTo(ExitCode.WAITING);
    world.file("w.yaml", steps + "# another comment\n");
    Result resumed = world.resume("--yes");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(world.ledger())
        .containsExactlyInAnyOrder("c normals Dunedin", "b get_forecast Raglan", "c book trip 18");
  }

  @Test
  void aChangedFileThatIsAdoptedHoldsAgain() {
    ReplanWorld world = stations().plans(NORMALS).flag("dead-a").station("b", "get_forecast");
    String steps =
        BOOKED.replace(
            "  book:\n", "  sure: {ask: 'Go?', needs: [forecast]}\n  book:\n    needs: [sure]\n");
    assertThat(world.run(steps).code()).isEqualTo(ExitCode.WAITING);
    String changed = steps.replace("trip $", "journey $");
    world.file("w.yaml", changed);
    Result refused = world.resume();
    assertThat(refused.code()).as(refused.err()).isEqualTo(ExitCode.INVALID);
    assertThat(refused.err()).contains("step book: changed with").doesNotContain("binding");
    world.unflag("dead-a");
    Result adopted = world.resume("--adopt", "--yes", "--trust");
    assertThat(adopted.code()).as(adopted.err()).isZero();
    assertThat(world.ledger()).contains("a weather_forecast Raglan", "c book journey 18");
  }

  @Test
  void aForkFromBeforeTheFailureGoesTheWayThatTheRunWent() {
    ReplanWorld world = stations().plans(NORMALS).flag("dead-a");
    assertThat(world.run(withNormals(FORECAST)).code()).isZero();
    Result forked =
        world.commands().run("fork", "one", "--at", "place", "--run-id", "two", "-o", "json");
    assertThat(forked.code()).as(forked.err()).isZero();
    assertThat(forked.json().path("outputs"))
        .hasToString("{\"advice\":\"Usually it is 15 degrees\"}");
    assertThat(world.ledger())
        .containsExactly("c normals Dunedin", "c normals Raglan", "c normals Raglan");
  }

  @Test
  void aForkFromAfterTheFailureGoesTheOtherWay() {
    ReplanWorld world = stations().plans(NORMALS).flag("dead-a");
    assertThat(world.run(withNormals(FORECAST)).code()).isZero();
    Result forked =
        world.commands().run("fork", "one", "--at", "advice", "--run-id", "two", "-o", "json");
    assertThat(forked.code()).as(forked.err()).isZero();
    assertThat(forked.json().path("outputs"))
        .hasToString("{\"advice\":\"Usually it is 15 degrees\"}");
    assertThat(world.ledger()).containsExactly("c normals Dunedin", "c normals Raglan");
    Result diff = world.commands().run("runs", "diff", "one", "two");
    assertThat(diff.code()).as(diff.out()).isZero();
  }

  @Test
  void aForkFromThePlannerAsksItAgain() {
    ReplanWorld world = stations().plans(NORMALS).flag("dead-a");
    assertThat(world.run(withNormals(FORECAST)).code()).isZero();
    Result forked =
        world
            .commands()
            .run("fork", "one", "--at", "forecast.replan", "--run-id", "two", "-o", "json");
    assertThat(forked.code()).as(forked.err() + forked.out()).isZero();
    assertThat(forked.json().path("outputs"))
        .hasToString("{\"advice\":\"Usually it is 15 degrees\"}");
  }

  @Test
  void aChainGoesAnotherWayToo() {
    ReplanWorld world =
        stations()
            .plans("{reasons: r, steps: {forecast: {tool: c/normals, with: {place: Raglan}}}}")
            .flag("dead-a");
    Result result =
        world.run(
            """
            on_error: replan
            flow:
              - other: {tool: c/normals, with: {place: Dunedin}}
              - forecast: {tool: a/weather_forecast, with: {place: Raglan}}
            """);
    assertThat(result.code()).as(result.err() + result.out()).isZero();
    assertThat(result.json().path("outputs")).hasToString("{\"forecast\":{\"celsius\":15}}");
  }

  @Test
  void anAgentWithoutAModelIsNotForTheOtherWay() {
    ReplanWorld world =
        stations()
            .plans("{reasons: r, steps: {advice: {agent: idle, prompt: guess}}}")
            .flag("dead-a");
    Result result = world.run("agents: {idle: {model: openai/gpt-5}}\n" + withNormals(FORECAST));
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "forecast")).contains("this plan may not use the agent `idle`");
  }

  @Test
  void whatStandsForAFailedToolIsShown() {
    ReplanWorld world =
        new ReplanWorld(folder)
            .withoutModels()
            .station("a", "weather_forecast")
            .station("b", "get_forecast")
            .station("d", "forecast")
            .station("e", "weather");
    String file = world.file("w.yaml", FORECAST);
    Result run = world.run(FORECAST);
    assertThat(run.code()).isZero();
    Result shown = world.commands().run("inspect", file);
    assertThat(shown.out())
        .contains(
            "weather_forecast by a/weather_forecast, for step `forecast`: named in bindings; after"
                + " a failure b/get_forecast");
    assertThat(shown.out()).doesNotContain("d/forecast", "e/weather");
  }

  @Test
  void anAgentThatIsNamedPlansWithItsOwnTools() {
    ReplanWorld world =
        stations()
            .answers(
                "answers:\n  - agent: guide\n    answer: " + NORMALS.replace("${", "$${") + "\n")
            .flag("dead-a");
    Result result =
        world.run(
            "agents: {guide: {servers: [c], tools: [c/normals]}}\n"
                + FORECAST.replace("on_error: replan", "on_error: {replan: guide}"));
    assertThat(result.code()).as(result.err()).isZero();
    String file =
        world.file("x.yaml", FORECAST.replace("on_error: replan", "on_error: {replan: guid}"));
    Result unknown = world.commands().run("validate", file);
    assertThat(unknown.code()).isEqualTo(ExitCode.INVALID);
    assertThat(unknown.err()).contains("Step `forecast` names agent `guid`, and there is none.");
  }

  @Test
  void whatAnAgentIsInstructedByIsNotWrittenAnew() {
    ReplanWorld world =
        stations()
            .plans("{reasons: r, steps: {word: {set: en}, style: {set: Lie.}}}")
            .flag("closed-c-x");
    Result result =
        world.run(
            """
            agents: {writer: {instructions: {step: style}}}
            steps:
              word: {tool: c/normals, with: {place: x}, on_error: replan}
              style: {set: "Be brief: ${word}"}
              say: {agent: writer, prompt: Hello}
            """);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "word")).contains("it gives the instructions of agent `writer`");
  }

  @Test
  void whatAnUndoTakesBackIsNotLost() {
    ReplanWorld world =
        stations()
            .station("b", "cancel")
            .plans(
                "{reasons: r, steps: {days: {each: 'p in [\"x\", \"y\"]', tool: c/normals,"
                    + " with: {place: '${p}'}}}}")
            .flag("closed-c-y");
    Result result =
        world.run(
            """
            steps:
              other: {tool: c/normals, with: {place: Gore}}
              days:
                each: p in ["x", "y"]
                concurrency: 1
                tool: c/book
                with: {what: "${p}"}
                effects: idempotent
                undo: {tool: b/cancel, with: {ticket: "${days.ticket}"}}
                on_error: replan
            outputs: {n: "${size(days)}"}
            """);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.FAILED);
    assertThat(error(result, "days")).contains("keep its `undo`");
    assertThat(world.ledger()).contains("b cancel x-1");
  }
}
