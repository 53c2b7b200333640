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

  @Test
  void thePlannerWritesAnotherWay() {
    ReplanWorld world =
        new ReplanWorld(folder)
            .station("a", "weather_forecast")
            .station("c", "normals")
            .plans(
                "{reasons: normals do, steps: {"
                    + "usual: {tool: c/normals, with: {place: '${place}'}}, "
                    + "advice: {set: 'Usually it is ${usual.celsius} degrees'}}}")
            .flag("dead-a");
    Result result =
        world.run(
            FORECAST.replace(
                "  place: {set: Raglan}",
                "  place: {set: Raglan}\n  other: {tool: c/normals, with: {place: Dunedin}}"));
    System.err.println(result.err() + result.out());
    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().path("outputs"))
        .hasToString("{\"advice\":\"Usually it is 15 degrees\"}");
    assertThat(world.ledger()).containsExactly("c normals Dunedin", "c normals Raglan");
  }
}
