package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Workflows that run other workflows. */
class SubworkflowTest {
  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private static final String TRIP =
      """
      name: trip
      inputs: {places: [string]}
      steps:
        days:
          each: place in places
          workflow: legs/day.yaml
          with: {place: "${place}"}
      outputs: {days: "${days}", first: "${days[0].size + 1}"}
      """;

  private static final String DAY =
      """
      name: day
      inputs: {place: string, factor: {type: integer, default: 3}}
      steps:
        size: {set: "${place.size() * factor}"}
        approve: {ask: "Go to {place}?"}
        more: {workflow: ../more.yaml, with: {n: "${size}"}, needs: [approve]}
      outputs: {size: "${size}", more: "${more.m}"}
      """;

  private static final String MORE =
      """
      inputs: {n: integer}
      steps: {m: {set: "${n + 1}"}}
      outputs: {m: "${m}"}
      """;

  private static final String DOWN =
      """
      inputs: {n: integer}
      steps:
        down: {workflow: down.yaml, with: {n: "${n - 1}"}, when: n > 0}
        up: {set: "${1 + coalesce(down.depth, 0)}"}
      outputs: {depth: "${up}"}
      """;

  private String trip() {
    world.file("legs/day.yaml", DAY);
    world.file("more.yaml", MORE);
    return world.file("trip.yaml", TRIP);
  }

  @Test
  void aWorkflowSeesItsInputsAndGivesItsOutputs() {
    Result result = world.run("run", trip(), "--input", "places=[\"a\", \"bb\"]", "--yes");

    assertThat(result.err()).contains("answered by --yes", "succeeded");
    assertThat(result.code()).isZero();
    assertThat(result.json())
        .isEqualTo(json("{'days':[{'size':3,'more':4},{'size':6,'more':7}],'first':4}"));
  }

  @Test
  void aQuestionInsideIsAnsweredByItsPathAndTheFilesMayBeGone() throws IOException {
    Result asked = world.run("run", trip(), "--input", "places=[\"a\"]", "--run-id", "one");
    assertThat(asked.code()).isEqualTo(5);
    assertThat(asked.err()).contains("days[0]/approve asks: Go to a?");
    Files.delete(folder.resolve("legs/day.yaml"));

    Result done =
        world.run(
            "resume",
            "one",
            "--answer",
            "days[0]/approve={'decision':'approve'}".replace('\'', '"'));

    assertThat(done.code()).isZero();
    assertThat(done.json()).isEqualTo(json("{'days':[{'size':3,'more':4}],'first':4}"));
  }

  @Test
  void aChangeOfAnotherFileIsRefusedAndAdoptedStepByStep() {
    assertThat(
            world.run("run", trip(), "--input", "places=[\"a\", \"b\"]", "--run-id", "one").code())
        .isEqualTo(5);
    world.file("more.yaml", MORE.replace("n + 1", "n + 5"));
    world.file("legs/day.yaml", DAY.replace("* factor}", "* 10}"));

    Result refused = world.run("resume", "one", "--yes");
    Result adopted = world.run("resume", "one", "--yes", "--adopt", "-o", "json");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err())
        .contains(
            "step size of legs/day.yaml: changed set\n",
            "step m of more.yaml: changed set\n",
            "Or restore FOLDER/legs/day.yaml, FOLDER/more.yaml and resume as before.\n");
    assertThat(adopted.code()).isZero();
    assertThat(adopted.json().get("outputs"))
        .isEqualTo(json("{'days':[{'size':10,'more':15},{'size':10,'more':15}],'first':11}"));
    assertThat(adopted.json().get("steps").propertyNames())
        .contains("days[0]/size~1", "days[0]/more/m")
        .doesNotContain("days~1", "days[0]/approve~1", "days[0]/more~1");
  }

  @Test
  void anAnswerForAStepInsideMayBeGivenBefore() {
    Result result =
        world.run(
            "run",
            trip(),
            "--input",
            "places=[\"a\"]",
            "--answer",
            "days[0]/approve={\"decision\":\"reject\"}");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("✗ days[0]/approve").contains("Rejected");
  }

  @Test
  void allFilesAreCheckedTogetherEachMistakeInItsOwn() {
    world.file("legs/day.yaml", DAY.replace("${place.size() * factor}", "${plce.size()}"));
    world.file("more.yaml", MORE.replace("n: integer", "n: string"));
    String file =
        world.file(
            "trip.yaml",
            TRIP.replace("with: {place: \"${place}\"}", "with: {plac: x}")
                .replace("days[0].size", "days[0].sise"));

    Result result = world.run("validate", file);

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .isEqualTo(
            """
            FOLDER/legs/day.yaml:4:18: error: There is no `plce`. [expression]
              4 |   size: {set: "${plce.size()}"}
                |                  ^
              Did you mean `place`?

            FOLDER/more.yaml:2:23: error: Cannot add a string and an integer. [expression]
              2 | steps: {m: {set: "${n + 1}"}}
                |                       ^
              Write string(x) to turn a number into text.

            FOLDER/trip.yaml:7:5: error: Argument `place` (string) of workflow `legs/day.yaml` is missing. [missing-argument]
              7 |     with: {plac: x}
                |     ^

            FOLDER/trip.yaml:7:12: error: There is no argument `plac` of workflow `legs/day.yaml`. [unknown-argument]
              7 |     with: {plac: x}
                |            ^
              Did you mean `place`?

            FOLDER/trip.yaml:8:46: error: There is no `sise` in the object. [expression]
              8 | outputs: {days: "${days}", first: "${days[0].sise + 1}"}
                |                                              ^
              Did you mean `size`?

            """);
  }

  @Test
  void inspectNamesTheOtherFiles() {
    Result result = world.run("inspect", trip());

    assertThat(result.out())
        .isEqualTo(
            """
            trip: 1 step

              ○ days  workflow legs/day.yaml; each place in places

            Workflows
              legs/day.yaml: 3 steps
              more.yaml: 1 step
            """);
  }

  @Test
  void aDryRunCountsTheCallsOfOtherWorkflowsAsFarAsTheirGraphsTell() {
    world.file(
        "calls.yaml",
        """
        inputs: {}
        agents: {a: {model: openai/gpt-5}}
        steps:
          one: {agent: a, prompt: x}
          again: {workflow: calls.yaml, with: {}, when: one == "more"}
        """);
    String file =
        world.file("all.yaml", "steps: {c: {each: \"x in [1, 2]\", workflow: calls.yaml}}");

    Result result = world.with("OPENAI_API_KEY", "k").run("run", file, "--dry-run");

    assertThat(result.err() + result.out()).contains("At least 0 tool calls and 2 model calls.");
  }

  @Test
  void whatIsNoFileIsMissing() {
    String file = world.file("a.yaml", "steps: {b: {workflow: nowhere.yaml, with: {}}}");

    Result result = world.run("run", file);

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.err())
        .contains("There is no workflow file `nowhere.yaml`.")
        .contains("The path is relative to the file that names it; looked for FOLDER/nowhere.yaml");
  }

  @Test
  void aRunHasABoundedNumberOfFiles() {
    for (int i = 0; i <= 101; i++) {
      world.file("w" + i + ".yaml", "steps: {n: {workflow: w" + (i + 1) + ".yaml, with: {}}}");
    }

    Result result = world.run("validate", world.file("w.yaml", "steps: {n: {workflow: w0.yaml}}"));

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err())
        .contains("A run may have at most 100 workflow files besides its own.")
        .contains("w99.yaml:1:");
  }

  @Test
  void aWorkflowMayRunItselfToADepthThatIsBounded() {
    String file = world.file("down.yaml", DOWN);

    Result fifty = world.run("run", file, "--input", "n=50", "--limit", "concurrency=1");
    assertThat(fifty.json()).isEqualTo(json("{'depth':51}"));

    Result endless = world.run("run", file, "--input", "n=500", "--progress", "none");
    assertThat(endless.code()).isEqualTo(1);
    assertThat(endless.err())
        .contains("Steps stand in each other at most 100 deep; does this one end?");
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }
}
