package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is locked is what runs. */
class LockCommandTest {
  @TempDir private Path folder = Path.of("");

  private LockWorld met() {
    return new LockWorld(folder).guide("met", "get_forecast", "plan_route");
  }

  @Test
  void aSkillRunsUnchangedAgainstServersOfOtherNamesWithOtherTools() {
    Result one = met().run("-o", "json");
    assertThat(one.json().path("outputs").path("go").toString())
        .isEqualTo("{\"weather\":\"get_forecast\",\"route\":\"plan_route\"}");
  }

  @Test
  void theSameSkillRunsOnAnotherServer() {
    Result other = new LockWorld(folder).guide("osm", "forecast", "directions").run("-o", "json");
    assertThat(other.json().path("outputs").path("go").toString())
        .isEqualTo("{\"weather\":\"forecast\",\"route\":\"directions\"}");
  }

  @Test
  void threeCandidatesAreListedAndNothingIsCalled() {
    LockWorld world = met().guide("osm", "forecast", "x").tool("aa", "daily_forecast", "D");
    Result result = world.run();

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .contains(
            "Capability `weather_forecast` of skill `trip` (step `go`) fits several tools:"
                + " aa/daily_forecast, met/get_forecast, osm/forecast.");
    assertThat(world.asked("met")).isEmpty();
  }

  @Test
  void withALockOneOfThreeIsTakenAgainAndAgain() {
    LockWorld world = met();
    assertThat(world.lock().code()).isZero();
    world.guide("osm", "forecast", "directions").tool("aa", "daily_forecast", "D");

    for (int i = 0; i < 3; i++) {
      Result result = world.run("-o", "json");
      assertThat(result.json().path("outputs").path("go").path("weather").asString())
          .isEqualTo("get_forecast");
    }
    assertThat(world.lock("--check").code()).isZero();
    assertThat(world.lock("--check", "--update").code()).isEqualTo(4);
  }

  @Test
  void aChoiceIsMadeInTheLockFile() {
    LockWorld world = met().guide("osm", "forecast", "directions");
    Result locked =
        world.lock(
            "--bind", "weather_forecast=osm/forecast", "--bind", "route_planning=met/plan_route");
    assertThat(locked.code()).as(locked.err()).isZero();

    assertThat(world.run("-o", "json").json().path("outputs").path("go").toString())
        .isEqualTo("{\"weather\":\"forecast\",\"route\":\"plan_route\"}");
    assertThat(world.lock("--bind", "weather_forecast=osm/foercast").code()).isEqualTo(9);
    assertThat(world.lock("--bind", "web_search=osm/forecast").code()).isEqualTo(2);
  }

  @Test
  void oneCharacterOfADescriptionStopsTheNextRunBeforeAnyCall() {
    LockWorld world = met();
    world.lock();
    assertThat(world.run().code()).isZero();
    world.tool("met", "get_forecast", "Tells the weather of a place!");
    Result result = world.run();

    assertThat(result.code()).isEqualTo(9);
    assertThat(result.err())
        .contains(
            "FOLDER/workflow.lock: error: Tool `met/get_forecast` is not what is locked: description"
                + " at character 29: was \"…s the weather of a place.\", is now \"…s the"
                + " weather of a place!\". [lock-drift]\n"
                + "  If that is meant, look at it and lock it: workflow lock w.yaml");
    assertThat(world.asked("met")).containsExactly("get_forecast", "plan_route");
    assertThat(world.lock().code()).isZero();
    assertThat(world.run().code()).isZero();
  }

  @Test
  void aRunWritesNoLock() {
    LockWorld world = met();
    assertThat(world.run().code()).isZero();
    assertThat(world.has("workflow.lock")).isFalse();
    assertThat(world.run("--locked").err()).contains("[lock-missing]");
    assertThat(world.run("--locked").code()).isEqualTo(9);
    assertThat(world.has("workflow.lock")).isFalse();
  }

  @Test
  void aToolThatChangesInMidRunIsNotCalledUntilItIsLocked() {
    LockWorld world = met();
    world
        .commands()
        .file(
            "met/next.json",
            "{\"get_forecast\": \"Tells the weather of a place.\", \"plan_route\": \"Plans a wax"
                + " to a place.\"}");
    Result stopped = world.run("--run-id", "one", "-o", "json");

    assertThat(stopped.code()).as(stopped.err()).isEqualTo(9);
    assertThat(stopped.json().path("status").asString()).isEqualTo("waiting");
    assertThat(stopped.json().path("pending").path(0).path("kind").asString())
        .isEqualTo("tool_changed");
    assertThat(stopped.json().path("pending").path(0).path("error").path("details").toString())
        .isEqualTo(
            "[\"description at character 11: was \\\"Plans a way to a place.\\\", is now"
                + " \\\"Plans a wax to a place.\\\"\"]");
    assertThat(stopped.err())
        .contains("  if that is meant:   workflow lock FOLDER/w.yaml")
        .contains("  and then:           workflow resume one");
    assertThat(world.asked("met")).containsExactly("get_forecast");

    assertThat(world.commands().run("resume", "one").code()).isEqualTo(9);
    assertThat(world.asked("met")).containsExactly("get_forecast");

    assertThat(world.lock().code()).isZero();
    Result done = world.commands().run("resume", "one", "-o", "json");
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.json().path("outputs").path("go").path("route").asString())
        .isEqualTo("plan_route");
    assertThat(world.asked("met")).containsExactly("get_forecast", "plan_route");
  }

  @Test
  void whereNobodyLocksTheChangedToolTheStepCanBeLetFail() {
    LockWorld world = met();
    world.commands().file("met/next.json", "{\"get_forecast\": \"x\", \"plan_route\": \"y\"}");
    Result stopped = world.run("--run-id", "one", "-o", "json");
    String step = stopped.json().path("pending").path(0).path("step").asString();
    Result failed =
        world.commands().run("resume", "one", "--answer", step + "={\"decision\":\"fail\"}");

    assertThat(failed.code()).as(failed.err()).isEqualTo(1);
    assertThat(world.asked("met")).containsExactly("get_forecast");
  }

  @Test
  void lockedNothingMayDiffer() {
    LockWorld world = met();
    world.lock();
    assertThat(world.run("--locked").code()).isZero();
    assertThat(world.command("validate", "--locked").code()).isZero();
    int started = world.started("met");

    world.commands().file("skills/trip/notes.txt", "new");
    Result skill = world.run("--locked");
    assertThat(skill.code()).isEqualTo(9);
    assertThat(skill.err()).contains("Skill `trip` is not what is locked: locked sha256:");
    assertThat(world.started("met")).as("nothing was started").isEqualTo(started);
    assertThat(world.run().code()).as("without --locked it is a warning").isZero();
    assertThat(world.run("--locked", "--no-locked").code()).isEqualTo(2);
  }

  @Test
  void aServerThatIsStartedOtherwiseIsNotStartedWhenLocked() {
    LockWorld world = met();
    world.lock();
    int started = world.started("met");
    String flow = world.flow();
    world.commands().file("w.yaml", world.text("w.yaml").replace("env: {", "env: {A: b, "));
    Result result = world.commands().run("run", flow, "--trust", "--locked");

    assertThat(result.code()).isEqualTo(9);
    assertThat(result.err())
        .contains("The entry of server `met` is not what is locked: locked sha");
    assertThat(world.started("met")).isEqualTo(started);
  }

  @Test
  void continuousIntegrationIsLockedWhereThereIsALock() {
    LockWorld world = met();
    world.commands().with("CI", "true");
    assertThat(world.run().code()).isZero();
    world.lock();
    world.commands().file("skills/trip/notes.txt", "new");

    assertThat(world.run().code()).isEqualTo(9);
    assertThat(world.command("validate").code()).isEqualTo(9);
    assertThat(world.run("--no-locked").code()).isZero();
  }

  @Test
  void validateWarnsOfADriftAndInspectSaysThatTheLockHasChosen() {
    LockWorld world = met();
    world.lock();
    world.tool("met", "get_forecast", "Tells the weather of a place!");
    world.run();
    Result validated = world.command("validate");

    assertThat(validated.code()).isZero();
    assertThat(validated.err()).contains("warning: Tool `met/get_forecast` is not what is locked");
    assertThat(world.command("validate", "--locked").code()).isEqualTo(9);
    assertThat(world.command("inspect").out())
        .contains(
            "weather_forecast by met/get_forecast, for skill `trip` (step `go`): the lock file");
  }

  @Test
  void aToolThatIsLockedAndGoneIsNotReplaced() {
    LockWorld world = met();
    world.lock();
    world
        .commands()
        .file(
            "met/tools.json", "{\"forecast\": \"F\", \"plan_route\": \"Plans a way to a place.\"}");
    String flow = world.commands().file("v.yaml", world.text("w.yaml"));
    Result result = world.commands().run("run", flow.replace("v.yaml", "w.yaml"), "--trust");

    assertThat(result.code()).isEqualTo(9);
    assertThat(result.err())
        .contains("is to be served by `met/get_forecast`, which is not offered to it.")
        .contains("[locked-tool]");
    assertThat(world.asked("met")).isEmpty();
  }

  @Test
  void withADamagedLockFileNothingStarts() {
    LockWorld world = met();
    world.lock();
    int started = world.started("met");
    for (String text :
        new String[] {"{\n<<<<<<< HEAD\n", "{\"version\": 1, \"version\": 1}", "{\"version\": 1"}) {
      world.commands().file("workflow.lock", text);
      assertThat(world.run().code()).isEqualTo(3);
      assertThat(world.command("validate").code()).isEqualTo(3);
      assertThat(world.lock().code()).isEqualTo(3);
      assertThat(world.text("workflow.lock")).isEqualTo(text);
    }
    assertThat(world.started("met")).isEqualTo(started);
  }

  @Test
  void whatALockChangesIsShown() {
    LockWorld world = met();
    assertThat(world.lock().out()).isEqualTo("w.yaml: new, 2 tools, 1 skill\n");
    String before = world.text("workflow.lock");
    assertThat(world.lock().out()).isEqualTo("w.yaml: same, 2 tools, 1 skill\n");
    world.tool("met", "plan_route", "Plans a walk to a place.");
    Result checked = world.lock("--check", "-o", "json");

    assertThat(world.lock("--check").err())
        .endsWith("workflow.lock would change. Write it: workflow lock FOLDER/w.yaml --trust\n");
    assertThat(checked.code()).isEqualTo(9);
    assertThat(checked.json().path("workflows").path(0).path("differences").toString())
        .isEqualTo(
            "[{\"kind\":\"tool_changed\",\"subject\":\"met/plan_route\",\"text\":\"tool"
                + " `met/plan_route`: description at character 11: was \\\"Plans a way to a"
                + " place.\\\", is now \\\"Plans a walk to a place.\\\"\"}]");
    assertThat(world.text("workflow.lock")).isEqualTo(before);
    assertThat(before).doesNotContain(folder.toString());
    assertThat(world.lock().code()).isZero();
    assertThat(world.lock("--check").code()).isZero();
    assertThat(world.text("workflow.lock")).isNotEqualTo(before);
  }

  @Test
  void whatTheAuthorSaysOfFailuresIsNotSaidOfAnotherTool() {
    LockWorld world = met();
    String head = world.text(Path.of(world.flow()).getFileName().toString());
    world.commands().file("met/next.json", "{\"get_forecast\": \"x\", \"plan_route\": \"Plans.\"}");
    String flow =
        world
            .commands()
            .file(
                "v.yaml",
                head.substring(0, head.indexOf("steps:"))
                    + """
                    steps:
                      a: {tool: met/get_forecast, with: {place: x}}
                      b:
                        tool: met/plan_route
                        with: {place: x}
                        needs: [a]
                        retry: {max: 2}
                        on_error: {output: {by: nobody}}
                      c: {set: 1, needs: [a]}
                    """);
    Result stopped =
        world.commands().run("run", flow, "--trust", "--yes", "--run-id", "one", "-o", "json");

    assertThat(stopped.code()).as(stopped.err()).isEqualTo(9);
    assertThat(stopped.json().path("steps").path("c").path("status").asString())
        .isEqualTo("succeeded");
    assertThat(stopped.json().path("steps").path("b").path("attempts").asInt()).isEqualTo(1);
    assertThat(world.asked("met")).containsExactly("get_forecast");
  }

  @Test
  void whatTheWorkflowBindsIsNotBoundOtherwise() {
    LockWorld world = met().guide("osm", "forecast", "directions");
    String bindings =
        "bindings: {weather_forecast: met/get_forecast, route_planning: met/plan_route}\n";
    String flow = world.flow();
    world.commands().file("w.yaml", bindings + world.text("w.yaml"));
    Result locked =
        world.commands().run("lock", flow, "--trust", "--bind", "weather_forecast=osm/forecast");

    assertThat(locked.code()).isEqualTo(2);
    assertThat(locked.err()).contains("the `bindings` of the workflow name another tool, and win.");
    assertThat(world.has("workflow.lock")).isFalse();
  }
}
