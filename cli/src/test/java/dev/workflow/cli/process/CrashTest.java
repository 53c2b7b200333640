package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed at any moment goes on without repeating what was recorded. */
class CrashTest {

  @Test
  void killedTwentyTimesARunEndsAsIfNothingHadHappened(@TempDir Path folder) throws IOException {
    crash(folder.toRealPath(), 20);
  }

  @Test
  @Tag("soak")
  void killedTwoHundredTimesARunEndsAsIfNothingHadHappened(@TempDir Path folder)
      throws IOException {
    crash(folder.toRealPath(), 200);
  }

  @Test
  @Tag("soak")
  void theExamplesSurviveKillsToo(@TempDir Path folder) throws IOException {
    CrashWorld travel =
        CrashWorld.ofExample(
            folder.toRealPath().resolve("travel"),
            "travel.yaml",
            "--yes",
            "--input",
            "destination=Raglan");
    CrashWorld dag = CrashWorld.ofExample(folder.toRealPath().resolve("dag"), "dag.yaml");
    for (int i = 0; i < 20; i++) {
      travel.crash("travel" + i, i);
      dag.crash("dag" + i, i);
    }
    assertThat(travel.kills + dag.kills).isGreaterThanOrEqualTo(20);
  }

  private static void crash(Path folder, int kills) {
    assumeTrue(hasNode(), "not run: node is missing");
    CrashWorld world = CrashWorld.ofLedger(folder);
    for (int i = 0; world.kills < kills; i++) {
      world.crash("c" + i, i);
    }
    System.err.printf("killed %d times, %d calls were in doubt%n", world.kills, world.doubts);
  }

  private static boolean hasNode() {
    try {
      return new ProcessBuilder("node", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
