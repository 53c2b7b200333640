package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run knows of the one before it. */
class PreviousTest {
  private static final String COUNTING =
      """
      name: counting
      inputs: {ask: boolean, fail: boolean}
      steps:
        go: {ask: "Go on?", when: ask}
        n: {set: "${coalesce(previous.outputs.n, 0) + 1}", needs: [go?]}
        end: {fail: On purpose., when: fail, needs: [n]}
      outputs: {n: "${n}", since: "${coalesce(previous.started, 'never')}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private String run(String id, boolean ask, boolean fail) {
    return world
        .run(
            "run",
            world.file("w.yaml", COUNTING),
            "--run-id",
            id,
            "--input",
            "ask=" + ask,
            "--input",
            "fail=" + fail,
            "-o",
            "json")
        .json()
        .at("/outputs/n")
        .toString();
  }

  @Test
  void theLastSucceededRunIsFixedAtTheStart() {
    assertThat(run("a", false, false)).isEqualTo("1");
    assertThat(run("b", false, true)).as("it fails, and is none").isEqualTo("2");
    run("waiting", true, false);
    assertThat(run("c", false, false)).isEqualTo("2");
    assertThat(run("d", false, false)).isEqualTo("3");
    assertThat(
            world
                .run("resume", "waiting", "--yes", "-o", "json")
                .json()
                .at("/outputs/n")
                .toString())
        .as("c and d came after its start")
        .isEqualTo("2");
  }

  @Test
  void theFirstRunHasNone() {
    assertThat(
            world
                .run(
                    "run",
                    world.file("w.yaml", COUNTING),
                    "--input",
                    "ask=false",
                    "--input",
                    "fail=false",
                    "-o",
                    "json")
                .json()
                .at("/outputs/since")
                .asString())
        .isEqualTo("never");
  }

  @Test
  void aMistakeInItsNameIsToldBeforeTheRun() {
    assertThat(
            world
                .run("run", world.file("w.yaml", "steps: {a: {set: \"${previous.output}\"}}"))
                .code())
        .isEqualTo(ExitCode.INVALID);
  }
}
