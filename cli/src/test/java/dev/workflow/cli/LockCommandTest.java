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
    Result other =
        new LockWorld(folder).guide("osm", "forecast", "directions").run("-o", "json");
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
        world.lock("--bind", "weather_forecast=osm/forecast", "--bind", "route_planning=met/plan_route");
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
                + " at character 29: was \"…ells the weather of a place.\", is now \"…ells the"
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
    assertThat(world.run("--locked").code()).isEqualTo(9);
    assertThat(world.has("workflow.lock")).isFalse();
  }
}
