package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import dev.workflow.run.Event.ModelReplied;
import dev.workflow.run.Event.ToolCalled;
import dev.workflow.run.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Plans as a user has them: written by a model behind a real wire, run on a real server. */
@Execution(ExecutionMode.CONCURRENT)
class PlanTest {
  private static final String MODEL = "openai/gpt-5";
  @TempDir private Path folder;

  private Workspace workspace(Provider provider) {
    Workspace workspace = Workspace.in(folder);
    workspace.file(".mcp.json", "{\"mcpServers\": {\"travel\": {\"builtin\": \"travel\"}}}");
    workspace.cli().with("OPENAI_BASE_URL", provider.url());
    return workspace;
  }

  @Test
  void aModelPlansByTheCheckAndWhatWasShownIsWhatRuns() throws IOException {
    try (Provider provider = Provider.start(folder, "/acceptance/plan-model.json")) {
      Workspace workspace = workspace(provider);
      Cli cli = workspace.cli();

      Result created =
          cli.run(
              "plan",
              "create",
              "The weather at Raglan",
              "--servers",
              "travel",
              "--model",
              MODEL,
              "-o",
              "json");
      assertThat(created.exit()).as("%s", created).isZero();
      Journaled planning = Journaled.last(cli.home());
      assertThat(planning.all(ModelReplied.class)).hasSize(2);
      assertThat(planning.all(ModelReplied.class).get(0).reply().violations())
          .containsExactly(
              "Step `weather`: this plan may not use the tool `travel/weather`. Known:"
                  + " travel/find_places, travel/geocode, travel/route_planning, travel/tide_data,"
                  + " travel/weather_forecast.");
      assertThat(planning.all(ToolCalled.class)).isEmpty();
      String plan = created.json().at("/plan/id").asString();
      assertThat(created.json().at("/plan/goal").asString()).isEqualTo("The weather at Raglan");

      Result shown =
          cli.run(
              "plan", "run", plan, "--input", "place=Raglan", "--dry-run", "--probe", "-o", "json");
      assertThat(shown.exit()).as("%s", shown).isZero();
      List<String> expected =
          StreamSupport.stream(shown.json().path("steps").spliterator(), false)
              .filter(step -> step.path("verb").asString().equals("tool"))
              .map(step -> step.path("target").asString() + " " + step.path("work"))
              .toList();
      assertThat(expected)
          .containsExactly(
              "travel/geocode {\"place\":\"Raglan\"}",
              "travel/weather_forecast {\"place\":\"${found.name}\",\"date\":\"2027-02-06\"}");

      Result done =
          cli.run(
              "plan",
              "run",
              plan,
              "--input",
              "place=Raglan",
              "--digest",
              shown.json().path("digest").asString());
      assertThat(done.exit()).as("%s", done).isZero();
      List<String> calls =
          Journaled.last(cli.home()).all(ToolCalled.class).stream()
              .map(call -> call.server() + "/" + call.tool() + " " + call.arguments())
              .toList();
      assertThat(calls)
          .containsExactly(expected.get(0), expected.get(1).replace("${found.name}", "Raglan"));
      assertThat(done.json().path("warmest").asDouble()).isEqualTo(24.2);
    }
  }

  @Test
  void aPlannerThatDoesNotLearnIsRefusedAndNothingIsKept() throws IOException {
    try (Provider provider = Provider.start(folder, "/acceptance/plan-model.json")) {
      Cli cli = workspace(provider).cli();

      Result refused =
          cli.run(
              "plan",
              "create",
              "Go round in circles",
              "--servers",
              "travel",
              "--model",
              MODEL,
              "-o",
              "json");

      assertThat(refused.exit()).as("%s", refused).isEqualTo(1);
      assertThat(Journaled.last(cli.home()).all(ModelReplied.class)).hasSize(3);
      JsonNode error = refused.json().path("errors").path(0);
      assertThat(error.toString()).contains("These steps wait for each other: a -> b -> a.");
      assertThat(cli.run("plan", "list", "-o", "json").json().path("plans")).isEmpty();
    }
  }

  @Test
  @Tag("soak")
  void aPlanIsKeptWhereverTheRunThatWritesItWasCutOff() throws IOException {
    Workspace workspace = Workspace.in(folder);
    workspace.file(".mcp.json", "{\"mcpServers\": {\"travel\": {\"builtin\": \"travel\"}}}");
    Path answers = Cli.repository().resolve("workflows-examples/planned/answers.yaml");
    Result created =
        workspace
            .cli()
            .run(
                "plan",
                "create",
                "What to know of a place",
                "--simulate",
                answers.toString(),
                "--run-id",
                "whole",
                "-o",
                "json");
    assertThat(created.exit()).as("%s", created).isZero();
    List<Recorded> events = Journaled.of(workspace.cli().home(), "whole").events();

    for (int kept = 1; kept <= events.size(); kept++) {
      Cli elsewhere = new Cli(homeLike(workspace.cli().home(), "home" + kept), folder);
      new Journaled(events.subList(0, kept)).writeTo(elsewhere.home(), "whole");

      Result resumed = elsewhere.run("resume", "whole", "-o", "json");

      assertThat(resumed.exit()).as("cut off after %d events: %s", kept, resumed).isZero();
      assertThat(timeless(resumed.json())).isEqualTo(timeless(created.json()));
      String id = created.json().at("/plan/id").asString();
      assertThat(elsewhere.home().resolve("plans").resolve(id + ".json")).exists();
      if (kept == events.size()) {
        Result ended = elsewhere.run("resume", "whole", "-o", "json");
        assertThat(ended.json().path("status").asString()).isEqualTo("succeeded");
      }
    }
  }

  /** Another home, which has neither runs nor plans, and knows the same tools. */
  private Path homeLike(Path home, String name) throws IOException {
    Path other = Files.createDirectory(folder.resolve(name));
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String inside = home.relativize(file).toString();
        if (!inside.startsWith("journal") && !inside.startsWith("plans")) {
          Path copy = other.resolve(inside);
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    return other;
  }

  private static JsonNode timeless(JsonNode plan) {
    ObjectNode copy = plan.deepCopy().asObject();
    copy.withObject("/plan").remove("created");
    return copy;
  }
}
