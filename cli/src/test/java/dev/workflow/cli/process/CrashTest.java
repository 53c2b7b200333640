package dev.workflow.cli.process;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is killed at any moment goes on without repeating what was recorded. */
@Execution(ExecutionMode.CONCURRENT)
class CrashTest {
  private static final List<String> CALLS =
      List.of("destructive call", "idempotent call", "read call", "model call");

  @TempDir private Path folder;

  @Test
  void killedFiveTimesARunEndsAsIfNothingHadHappened() throws IOException {
    kill(CrashWorld.ofLedger(folder.toRealPath()), 5, CALLS);
  }

  @Test
  void killedThreeTimesCallsThatCanBeVerifiedAreNeitherRepeatedNorAskedAbout() throws IOException {
    try (CrashWorld world = CrashWorld.ofLedger(folder.toRealPath(), "verify.yaml")) {
      world.kill(3, List.of("destructive call"));
      world.assertNobodyWasAsked();
      System.err.println(world);
    }
  }

  @Test
  void killedTwiceARunThatFailsTakesBackWhatItHasDoneOnce() throws IOException {
    try (CrashWorld world = CrashWorld.ofLedger(folder.toRealPath(), "undo.yaml", 1)) {
      world.kill(2, List.of("destructive call"));
      System.err.println(world);
    }
  }

  @Test
  void killedTwiceAnAgentGoesOnInThePlanThatItHasWritten() throws IOException {
    kill(CrashWorld.ofLedger(folder.toRealPath(), "plans.yaml"), 2, List.of("destructive call"));
  }

  @Test
  void killedTwiceARunThatGoesOtherWaysNeitherPlansAgainNorRepeatsACall() throws IOException {
    kill(CrashWorld.ofLedger(folder.toRealPath(), "replan.yaml"), 2, List.of("model call"));
  }

  @Test
  @Tag("soak")
  void cutOffAfterEachEventARunThatGoesOtherWaysEndsAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(CrashWorld.ofLedger(folder.toRealPath(), "replan.yaml"));
  }

  @Test
  @Tag("soak")
  void killedTwiceTheTravelExampleEndsAsIfNothingHadHappened() throws IOException {
    kill(travel(), 2, List.of());
  }

  @Test
  @Tag("endurance")
  void killedTwiceTheDagExampleEndsAsIfNothingHadHappened() throws IOException {
    kill(dag(), 2, List.of());
  }

  @Test
  void killedTwiceStepsInsideStepsEndAsIfNothingHadHappened() throws IOException {
    kill(nested(), 2, List.of());
  }

  @Test
  @Tag("soak")
  void killedTwiceWorkflowsInsideAWorkflowEndAsIfNothingHadHappened() throws IOException {
    kill(trips(), 2, List.of());
  }

  @Test
  @Tag("soak")
  void killedTwiceAPlanIsNotWrittenAgain() throws IOException {
    kill(planned(), 2, List.of());
  }

  @Test
  @Tag("endurance")
  void killedTwiceTheDigestExampleEndsAsIfNothingHadHappened() throws IOException {
    kill(CrashWorld.ofDigest(folder.toRealPath()), 2, List.of());
  }

  @Test
  @Tag("endurance")
  void killedAHundredAndFiftyTimesARunEndsAsIfNothingHadHappened() throws IOException {
    kill(CrashWorld.ofLedger(folder.toRealPath()), 150, CALLS);
  }

  @Test
  @Tag("endurance")
  void killedAgainAndAgainTheTravelExampleEndsAsIfNothingHadHappened() throws IOException {
    kill(travel(), 15, List.of("model call"));
  }

  @Test
  @Tag("endurance")
  void killedAgainAndAgainTheDagExampleEndsAsIfNothingHadHappened() throws IOException {
    kill(dag(), 8, List.of());
  }

  @Test
  @Tag("endurance")
  void killedAgainAndAgainTheDigestExampleEndsAsIfNothingHadHappened() throws IOException {
    kill(CrashWorld.ofDigest(folder.toRealPath()), 8, List.of());
  }

  @Test
  @Tag("endurance")
  void killedAgainAndAgainStepsInsideStepsEndAsIfNothingHadHappened() throws IOException {
    kill(nested(), 8, List.of());
  }

  @Test
  @Tag("endurance")
  void killedAgainAndAgainAPlanIsNotWrittenAgain() throws IOException {
    kill(planned(), 12, List.of("model call"));
  }

  @Test
  @Tag("endurance")
  void killedAgainAndAgainWorkflowsInsideAWorkflowEndAsIfNothingHadHappened() throws IOException {
    kill(trips(), 8, List.of("model call"));
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventTheDagExampleEndsAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(dag());
  }

  @Test
  @Tag("soak")
  void cutOffAfterEachEventARunEndsAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(CrashWorld.ofLedger(folder.toRealPath()));
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventTheTravelExampleEndsAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(travel());
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventTheDigestExampleEndsAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(CrashWorld.ofDigest(folder.toRealPath()));
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventStepsInsideStepsEndAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(nested());
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventWorkflowsInsideAWorkflowEndAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(trips());
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventAPlanIsNotWrittenAgain() throws IOException {
    cutAfterEveryEvent(planned());
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventCallsThatCanBeVerifiedAreNotAskedAbout() throws IOException {
    try (CrashWorld world = CrashWorld.ofLedger(folder.toRealPath(), "verify.yaml")) {
      world.cutAfterEveryEvent();
      world.assertNobodyWasAsked();
      System.err.println(world);
    }
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventARunThatFailsTakesBackWhatItHasDoneOnce() throws IOException {
    cutAfterEveryEvent(CrashWorld.ofLedger(folder.toRealPath(), "undo.yaml", 1));
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventAnAgentGoesOnInThePlanThatItHasWritten() throws IOException {
    cutAfterEveryEvent(CrashWorld.ofLedger(folder.toRealPath(), "plans.yaml"));
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventTheExampleOfAnotherWayEndsAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(CrashWorld.ofExample(folder.toRealPath(), "replan.yaml"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"router", "orchestrator", "optimizer", "vote", "handoff", "debate"})
  @Tag("endurance")
  void cutOffAfterEachEventAPatternEndsAsIfNothingHadHappened(String pattern) throws IOException {
    cutAfterEveryEvent(CrashWorld.ofExample(folder.toRealPath(), "patterns/" + pattern + ".yaml"));
  }

  @Test
  @Tag("endurance")
  void cutOffAfterEachEventTheWorkflowOfASkillEndsAsIfNothingHadHappened() throws IOException {
    cutAfterEveryEvent(CrashWorld.ofExample(folder.toRealPath(), "weekend.yaml"));
  }

  private CrashWorld nested() throws IOException {
    return CrashWorld.ofExample(folder.toRealPath(), "nested.yaml");
  }

  private CrashWorld planned() throws IOException {
    return CrashWorld.ofExample(folder.toRealPath(), "planned.yaml", "--yes");
  }

  private CrashWorld trips() throws IOException {
    return CrashWorld.ofExample(folder.toRealPath(), "trips.yaml", "--yes");
  }

  private CrashWorld travel() throws IOException {
    return CrashWorld.ofExample(
        folder.toRealPath(), "travel.yaml", "--yes", "--input", "destination=Raglan");
  }

  private CrashWorld dag() throws IOException {
    return CrashWorld.ofExample(folder.toRealPath(), "dag.yaml");
  }

  private static void cutAfterEveryEvent(CrashWorld world) {
    try (world) {
      world.cutAfterEveryEvent();
      System.err.println(world);
    }
  }

  private static void kill(CrashWorld world, int times, Collection<String> inTheMiddleOf) {
    try (world) {
      world.kill(times, inTheMiddleOf);
      System.err.println(world);
    }
  }
}
