package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import dev.workflow.schema.JsonSchemas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The first thing a stranger does: the travel example, with no key in the environment. */
@Execution(ExecutionMode.CONCURRENT)
class TravelTest {
  private static final String FILE = "workflows-examples/travel.yaml";
  private static final Path SCHEMA = Cli.repository().resolve("skills/travel-plan/schema.json");

  @TempDir private Path folder;

  @Test
  void withoutAnyKeyTheTripIsPlannedAndSaysThatNoModelAnswered() throws IOException {
    Cli cli = cli("home");
    Result result = cli.start(command("Raglan", "2027-02-06")).await();

    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.json().path("status").asString()).isEqualTo("succeeded");
    assertThat(result.json().path("simulated").asBoolean()).isTrue();
    assertThat(result.json().path("usage").path("cost").asString()).isEqualTo("none");
    assertThat(result.err()).containsPattern("(?i)no AI model answers");
    assertIsTrue(cli, result);
  }

  @Test
  void anotherPlaceAndAnotherDateGiveOtherFiguresOfTheSameTools() throws IOException {
    Cli summer = cli("summer");
    Cli winter = cli("winter");
    Cli south = cli("south");
    Started first = summer.start(command("Raglan", "2027-01-20"));
    Started second = winter.start(command("Raglan", "2027-07-20"));
    JsonNode inSummer = assertIsTrue(summer, first.await());
    Started third = south.start(command("Wellington", "2027-01-20"));
    JsonNode inWinter = assertIsTrue(winter, second.await());
    JsonNode inWellington = assertIsTrue(south, third.await());

    assertThat(inWinter.path("weather")).isNotEqualTo(inSummer.path("weather"));
    assertThat(inWinter.path("tides")).isNotEqualTo(inSummer.path("tides"));
    assertThat(inWinter.path("route")).isEqualTo(inSummer.path("route"));
    assertThat(inWellington.path("weather")).isNotEqualTo(inSummer.path("weather"));
    assertThat(inWellington.path("tides")).isNotEqualTo(inSummer.path("tides"));
    assertThat(inWellington.path("route")).isNotEqualTo(inSummer.path("route"));
  }

  @Test
  void whoRequiresAModelGetsNoScriptedAnswers() {
    Cli cli = cli("home");
    Result result = cli.run(append(command("Raglan", "2027-02-06"), "--require-model"));

    assertThat(result.exit()).as("%s", result).isEqualTo(4);
    assertThat(result.err()).contains("OPENAI_API_KEY").doesNotContain("\tat ");
    assertThat(result.err()).doesNotContainPattern("(?i)no AI model answers");
    assertThat(Journaled.runs(cli.home())).isZero();
  }

  @Test
  void aPlaceThatNobodyKnowsFailsTheRunWithOneClearMessage() {
    Result result = cli("home").run(command("Atlantis", "2027-02-06"));

    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    assertThat(result.json().path("status").asString()).isEqualTo("failed");
    List<String> messages = new ArrayList<>();
    result.json().path("errors").forEach(e -> messages.add(e.path("message").asString()));
    assertThat(messages).singleElement().asString().startsWith("No trip to Atlantis: ");
    assertThat(result.err()).doesNotContain("\tat ");
  }

  private Cli cli(String home) {
    return new Cli(folder.resolve(home), Cli.repository());
  }

  private static String[] command(String destination, String date) {
    return new String[] {
      "run",
      FILE,
      "--input",
      "destination=" + destination,
      "--input",
      "date=" + date,
      "--yes",
      "-o",
      "json"
    };
  }

  private static String[] append(String[] command, String option) {
    List<String> all = new ArrayList<>(List.of(command));
    all.add(option);
    return all.toArray(String[]::new);
  }

  /** The itinerary fits the skill's contract, and every figure in it is one that a tool gave. */
  private static JsonNode assertIsTrue(Cli cli, Result result) throws IOException {
    assertThat(result.exit()).as("%s", result).isZero();
    JsonNode itinerary = result.json().path("outputs").path("itinerary");
    JsonNode schema = JsonMapper.shared().readTree(Files.readString(SCHEMA));
    assertThat(new JsonSchemas().validate(schema, itinerary)).isEmpty();
    Journaled journal = Journaled.last(cli.home());
    assertCopied(
        itinerary.path("weather"),
        journal.returned("weather_forecast"),
        Set.of("temperature_max_c", "temperature_min_c", "rain_chance", "wind_kmh", "kind"));
    assertCopied(
        itinerary.path("route"),
        journal.returned("route_planning"),
        Set.of("available", "from", "to", "mode", "distance_km", "duration_minutes"));
    JsonNode tides = journal.returned("tide_data");
    assertThat(itinerary.path("tides").path("available").asBoolean()).isTrue();
    for (String turn : List.of("highs", "lows")) {
      assertThat(tides.path(turn)).isNotEmpty();
      assertThat(turns(itinerary.path("tides").path(turn))).isEqualTo(turns(tides.path(turn)));
    }
    return itinerary;
  }

  private static void assertCopied(JsonNode part, JsonNode tool, Set<String> fields) {
    for (String field : fields) {
      assertThat(part.has(field)).as(field).isTrue();
      assertThat(part.path(field).toString()).as(field).isEqualTo(tool.path(field).toString());
    }
  }

  private static List<String> turns(JsonNode list) {
    List<String> turns = new ArrayList<>();
    list.forEach(turn -> turns.add(turn.path("clock").asString() + " " + turn.path("height_m")));
    return turns;
  }
}
