package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.run.Event;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/** A run that needs a person stops, says how to go on, and goes on. */
@Execution(ExecutionMode.CONCURRENT)
class PauseTest {
  private static final String FILE = "workflows-examples/travel.yaml";

  @TempDir private Path folder;

  @Test
  void withNobodyThereTheRunPausesAndThePrintedLineFinishesIt() {
    Cli cli = new Cli(folder.resolve("home"), Cli.repository());
    Result paused = cli.run("run", FILE, "--input", "destination=Raglan", "-o", "json");

    assertThat(paused.exit()).as("%s", paused).isEqualTo(5);
    assertThat(paused.json().path("status").asString()).isEqualTo("waiting");
    JsonNode pending = paused.json().path("pending");
    assertThat(pending).hasSize(1);
    assertThat(pending.path(0).path("step").asString()).isEqualTo("approve");

    String line = printedLine(paused.err(), "workflow resume ");
    Result finished = cli.shell(line);

    assertThat(finished.exit()).as("%s: %s", line, finished).isZero();
    JsonNode outputs = finished.json();
    assertThat(outputs.path("itinerary").path("destination").asString()).isEqualTo("Raglan");
    assertBothPartsAreShown(cli, paused.json().path("run").asString());
    assertResumingAgainRunsNothing(cli, outputs);
  }

  private static void assertBothPartsAreShown(Cli cli, String run) {
    Result shown = cli.run("runs", "show", "last");
    assertThat(shown.exit()).as("%s", shown).isZero();
    assertThat(shown.out())
        .contains(run, "Session 1", "Session 2")
        .contains("itinerary")
        .containsPattern("approve\\s+answered by --answer");
    assertThat(shown.out().indexOf("waiting"))
        .isBetween(shown.out().indexOf("Session 1"), shown.out().indexOf("Session 2"));
    Result asJson = cli.run("runs", "show", "last", "-o", "json");
    assertThat(asJson.json().path("sessions")).hasSize(2);
    assertThat(asJson.json().path("status").asString()).isEqualTo("succeeded");
  }

  private static void assertResumingAgainRunsNothing(Cli cli, JsonNode outputs) {
    int before = Journaled.last(cli.home()).events().size();
    Result again = cli.run("resume", "last", "-o", "json");
    assertThat(again.exit()).as("%s", again).isZero();
    assertThat(again.json().path("outputs")).isEqualTo(outputs);
    assertThat(Journaled.last(cli.home()).events()).hasSize(before);
  }

  @Test
  void aRejectionFailsTheRun() {
    Cli cli = new Cli(folder.resolve("home"), Cli.repository());
    String answer = "approve={\"decision\":\"reject\",\"note\":\"too windy\"}";
    Result result =
        cli.run("run", FILE, "--input", "destination=Raglan", "--answer", answer, "-o", "json");

    assertThat(result.exit()).as("%s", result).isEqualTo(1);
    assertThat(result.json().path("outputs").has("safety")).isTrue();
    assertThat(result.json().path("errors").toString()).contains("too windy");
    assertThat(result.json().path("steps").path("trip").path("status").asString())
        .isEqualTo("blocked");
  }

  @Test
  void withAProviderTheSameFileIsAnsweredByItsModels() {
    try (Provider provider = Provider.start(folder, "/acceptance/travel-model.json")) {
      Cli cli = new Cli(folder.resolve("home"), Cli.repository());
      cli.with("OPENAI_BASE_URL", provider.url());
      Result result = cli.run("run", FILE, "--input", "destination=Raglan", "--yes", "-o", "json");

      assertThat(result.exit()).as("%s", result).isZero();
      assertThat(result.json().path("simulated").asBoolean(true)).isFalse();
      assertThat(result.err()).doesNotContainPattern("(?i)no AI model");
      assertThat(result.json().path("usage").path("output_tokens").asInt()).isPositive();
      JsonNode weather = result.json().path("outputs").path("itinerary").path("weather");
      assertThat(weather.path("kind").asString()).isEqualTo("as the fake model has it");
      Journaled journal = Journaled.last(cli.home());
      assertThat(journal.returned()).containsKeys("find_places", "weather_forecast", "tide_data");
      assertThat(journal.all(Event.ModelReplied.class)).hasSize(5);
    }
  }

  /** The words of a message from the program's name to the end of its line. */
  static String printedLine(String message, String beginning) {
    return message
        .lines()
        .filter(line -> line.contains(beginning))
        .map(line -> line.substring(line.indexOf(beginning)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No '" + beginning + "' in: " + message));
  }
}
