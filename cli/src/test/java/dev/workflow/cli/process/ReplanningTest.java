package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.cli.process.Cli.Started;
import dev.workflow.run.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A server that is killed in mid-run for good, and the other way that the run then goes. */
@Execution(ExecutionMode.CONCURRENT)
class ReplanningTest {
  private static final String STEPS =
      """
      bindings: {weather_forecast: a/weather_forecast}
      steps:
        place: {set: Raglan}
        before: {tool: c/normals, with: {place: Dunedin}}
        forecast:
          capability: weather_forecast
          with: {place: "${place}"}
          needs: [before]
          on_error: replan
        advice: {set: "It is ${forecast.celsius} degrees in ${place}"}
      outputs: {advice: "${advice}"}
      """;
  private static final String ANSWERS =
      """
      answers:
        - agent: replanner
          answer:
            reasons: The usual weather will do.
            steps:
              usual: {tool: c/normals, with: {place: "$${place}"}}
              advice: {set: "Usually it is $${usual.celsius} degrees in $${place}"}
      """;

  @TempDir private Path folder;
  private Cli cli = new Cli(Path.of(""), Path.of(""));

  @BeforeEach
  void aFolderOfItsOwn() throws IOException {
    assumeTrue(Workspace.hasProgram("node"), "not run: node is missing");
    folder = folder.toRealPath();
    cli =
        new Cli(folder.resolve("home"), folder)
            .with("LEDGER", folder.resolve("ledger.txt").toString());
  }

  private void workflow(String head, String... stations) throws IOException {
    StringBuilder text = new StringBuilder("name: trip\n").append(head).append("mcp:\n");
    for (String station : stations) {
      String name = station.substring(0, 1);
      try (InputStream in =
          Objects.requireNonNull(getClass().getResourceAsStream("/replan/station.mjs"))) {
        Files.copy(in, folder.resolve(name + ".mjs"));
      }
      text.append(
          "  %s: {command: node, args: [%s.mjs, %s, %s], env: {LEDGER: \"${LEDGER}\"}}\n"
              .formatted(name, name, name, station.substring(2)));
    }
    Files.writeString(folder.resolve("trip.yaml"), text + STEPS);
  }

  private List<String> ledger() {
    try {
      Path file = folder.resolve("ledger.txt");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** When a line is in the ledger; looked for by a thread of its own. */
  private CompletableFuture<Void> called(String line) {
    CompletableFuture<Void> called = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              while (!ledger().contains(line) && !called.isDone()) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
              }
              called.complete(null);
            });
    return called.orTimeout(60, TimeUnit.SECONDS);
  }

  /** Ends a server the hard way while it works on a call, and for good. */
  private void kill(String station, String call) throws IOException {
    called(call).join();
    Files.delete(folder.resolve(station + ".mjs"));
    long pid = Long.parseLong(Files.readString(folder.resolve(station + ".pid")).strip());
    assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();
  }

  @Test
  void whenTheOnlyWeatherServerIsKilledASecondTakesOverWithoutAModel() throws IOException {
    workflow("", "a, weather_forecast", "b, get_forecast", "c, normals");
    Files.writeString(folder.resolve("deaf-a-Raglan"), "");
    Started run = cli.start("run", "trip.yaml", "--run-id", "one", "--trust", "-o", "json");
    kill("a", "a weather_forecast Raglan");
    Result result = run.await();
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.json().at("/outputs/advice").asString())
        .isEqualTo("It is 18 degrees in Raglan");
    assertThat(result.json().path("replans").asInt()).isEqualTo(1);
    assertThat(result.json().at("/usage/model_calls").asInt()).isZero();
    assertThat(result.json().path("simulated").asBoolean()).isFalse();
    assertThat(ledger())
        .containsExactly("c normals Dunedin", "a weather_forecast Raglan", "b get_forecast Raglan");
    Result shown = cli.run("runs", "show", "one");
    assertThat(shown.out())
        .contains("b/get_forecast takes the place of a/weather_forecast for weather_forecast");
  }

  @Test
  void withNoOtherToolThePlannerWritesADifferentRouteAndAKillCostsNothingOfIt() throws IOException {
    workflow("simulate: answers.yaml\n", "a, weather_forecast", "c, normals");
    Files.writeString(folder.resolve("answers.yaml"), ANSWERS);
    Files.writeString(folder.resolve("deaf-a-Raglan"), "");
    Files.writeString(folder.resolve("deaf-c-Raglan"), "");
    Started run = cli.start("run", "trip.yaml", "--run-id", "one", "--trust", "-o", "json");
    kill("a", "a weather_forecast Raglan");
    assertThat(run.killAfter(called("c normals Raglan"), 0)).isTrue();
    Files.delete(folder.resolve("deaf-c-Raglan"));

    Result result = cli.run("resume", "one", "-o", "json");
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(result.json().at("/outputs/advice").asString())
        .isEqualTo("Usually it is 15 degrees in Raglan");
    assertThat(result.json().path("replans").asInt()).isEqualTo(1);
    assertThat(ledger())
        .containsExactly(
            "c normals Dunedin",
            "a weather_forecast Raglan",
            "c normals Raglan",
            "c normals Raglan");
    Journaled journal = Journaled.of(cli.home(), "one");
    assertThat(journal.all(Event.ModelCalled.class)).hasSize(1);
    assertThat(journal.all(Event.PlanChanged.class)).hasSize(1);
    Recovery.of(journal.events()).assertNothingIsRepeated();
  }

  @Test
  void killedInTheMiddleOfPlanningTheRunGoesOnPlanning() throws IOException {
    workflow("simulate: answers.yaml\n", "a, weather_forecast", "c, normals");
    Files.writeString(
        folder.resolve("answers.yaml"),
        ANSWERS.replace("    answer:\n", "    delay: 1500ms\n    answer:\n"));
    Files.writeString(folder.resolve("deaf-a-Raglan"), "");
    CompletableFuture<Void> asked = new CompletableFuture<>();
    Started run =
        cli.start(
            line -> {
              if (line.contains("model_called")) {
                asked.complete(null);
              }
            },
            "run",
            "trip.yaml",
            "--run-id",
            "one",
            "--trust",
            "-o",
            "jsonl");
    kill("a", "a weather_forecast Raglan");
    assertThat(run.killAfter(asked, 50)).isTrue();

    Result result = cli.run("resume", "one", "-o", "json");
    assertThat(result.exit()).as("%s", result).isZero();
    assertThat(ledger())
        .containsExactly("c normals Dunedin", "a weather_forecast Raglan", "c normals Raglan");
    Journaled journal = Journaled.of(cli.home(), "one");
    assertThat(journal.all(Event.ReplanStarted.class)).hasSize(1);
    assertThat(journal.all(Event.ModelReplied.class)).hasSize(1);
    Recovery.of(journal.events()).assertNothingIsRepeated();
  }
}
