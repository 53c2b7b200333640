package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.process.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The shipped examples give what they gave when somebody last looked at it. After a wanted change:
 * {@code mvn test -Dtest=GoldenTest -Dgolden.update=true}, and read the difference.
 */
@Execution(ExecutionMode.CONCURRENT)
class GoldenTest {
  private static final boolean UPDATE = Boolean.getBoolean("golden.update");
  private static final Path GOLDEN = Cli.repository().resolve("cli/src/test/resources/golden");
  private static final Path EXAMPLES = Cli.repository().resolve("workflows-examples");

  @TempDir private Path folder;

  @Test
  void aTripToTheSeaIsRevisedForTheTide() throws IOException {
    assertGolden("travel-raglan", example("travel.yaml", "--yes", "--input", "destination=Raglan"));
  }

  @Test
  void aTripInlandHasNoTidesAndSaysWhy() throws IOException {
    assertGolden(
        "travel-queenstown",
        example(
            "travel.yaml",
            "--yes",
            "--input",
            "destination=Queenstown",
            "--input",
            "start=Dunedin",
            "--input",
            "date=2027-07-10"));
  }

  @Test
  void unevenBranchesMeetAndAFailingOneIsSpokenAbout() throws IOException {
    assertGolden("dag", example("dag.yaml"));
  }

  @Test
  void stepsInsideStepsRepeatAndFailUnderTheirOwnPaths() throws IOException {
    assertGolden("nested", example("nested.yaml"));
  }

  @Test
  void aWorkflowRunsAnotherForEachPlace() throws IOException {
    assertGolden("trips", example("trips.yaml", "--yes"));
  }

  @Test
  void aSkillRunsItsOwnWorkflowForEachDay() throws IOException {
    assertGolden("weekend", example("weekend.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"router", "orchestrator", "optimizer", "vote", "handoff", "debate"})
  void agentsWorkTogetherInAPattern(String pattern) throws IOException {
    assertGolden("pattern-" + pattern, example("patterns/" + pattern + ".yaml"));
  }

  @Test
  void aFailedCallIsPlannedAround() throws IOException {
    assertGolden("replan", example("replan.yaml"));
  }

  @Test
  void aPlanThatTheCheckRefusedIsRepairedApprovedAndRun() throws IOException {
    assertGolden("planned", example("planned.yaml", "--yes"));
  }

  @Test
  void theFilesOfAFolderAreReadThroughARealServerAndSummedUp() throws IOException {
    assumeTrue(Workspace.hasProgram("npx"), "not run: npx is missing");
    Workspace workspace = Workspace.in(folder);
    Files.createDirectory(workspace.folder().resolve("texts"));
    workspace
        .file("repo-digest.yaml", Files.readString(EXAMPLES.resolve("repo-digest.yaml")))
        .file("texts/long.md", "# A long text\n\nwith\nsome\nmore lines\n")
        .file("texts/short.md", "# Käse & Brötchen\n")
        .file("texts/other.txt", "not to be read\n");
    Result result =
        workspace
            .cli()
            .run("run", "repo-digest.yaml", "--trust", "--input", "folder=texts", "-o", "json");
    assumeTrue(
        result.exit() != 4, "not run: npm cannot give the filesystem server: " + result.err());
    assertGolden("repo-digest", result, workspace.folder().toString());
  }

  private Result example(String file, String... options) {
    Cli cli = new Cli(folder.resolve("home"), Cli.repository());
    List<String> command = new ArrayList<>(List.of("run", "workflows-examples/" + file));
    command.addAll(List.of("-o", "json"));
    command.addAll(List.of(options));
    return cli.run(command.toArray(String[]::new));
  }

  private static void assertGolden(String name, Result result) throws IOException {
    assertGolden(name, result, Cli.repository().toString());
  }

  /** Compares how the run and each step ended, and the outputs; machine paths are left out. */
  private static void assertGolden(String name, Result result, String workspace)
      throws IOException {
    assertThat(result.exit()).as("%s", result).isZero();
    JsonNode report = result.json();
    ObjectNode seen = JsonNodeFactory.instance.objectNode();
    for (String field : List.of("workflow", "status", "simulated", "outputs", "errors")) {
      seen.set(field, report.path(field));
    }
    seen.set("tool_calls", report.path("usage").path("tool_calls"));
    ObjectNode steps = seen.putObject("steps");
    for (Map.Entry<String, JsonNode> step : report.path("steps").properties()) {
      String path = step.getKey().replace(workspace, "<workspace>");
      steps.set(path, step.getValue().path("status"));
    }
    String text = seen.toPrettyString().replace(workspace, "<workspace>") + "\n";
    Path golden = GOLDEN.resolve(name + ".json");
    if (UPDATE) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, text);
    }
    JsonMapper mapper = JsonMapper.shared();
    assertThat(mapper.readTree(text).toPrettyString())
        .isEqualTo(mapper.readTree(Files.readString(golden)).toPrettyString());
  }
}
