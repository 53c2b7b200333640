package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Fan;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Plan.Revise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The working time of steps and agents, on a clock that goes from one event to the next. */
class TimeLimitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final List<Edge> AFTER_THE_FIRST = List.of(new Edge(0, EdgeKind.NEED));

  private static Allowance minutes(long minutes) {
    return new Allowance(null, null, null, null, Duration.ofMinutes(minutes), null);
  }

  private static Node tool(String id, List<Edge> needs) {
    return Plans.plain(id, Kind.TOOL, needs, Duration.ZERO);
  }

  private static Node step(
      String id, Kind kind, @Nullable Fan each, Retry retry, OnError onError, long minutes) {
    String body = kind == Kind.GROUP ? "inside" : null;
    return new Node(
        id,
        kind,
        List.of(),
        each,
        null,
        null,
        retry,
        null,
        onError,
        10,
        Duration.ZERO,
        body,
        false,
        null,
        minutes(minutes));
  }

  private static Node step(String id, Kind kind, long minutes) {
    return step(id, kind, null, Retry.NONE, new OnError.Fail(), minutes);
  }

  private static Plan plan(Node... nodes) {
    return new Plan(List.of(nodes), Map.of(), Map.of());
  }

  private static Plan group(Node group, Node... inside) {
    return new Plan(List.of(group), Map.of("inside", List.of(inside)), Map.of());
  }

  private static final String USED_UP = "Step a has worked for the 5m that limits.time allows";

  @Test
  void aStepIsWarnedOfAndFailsWhenItsTimeIsUsedUpAndItsCallIsGivenUp() {
    TimedWorld world = new TimedWorld(plan(step("a", Kind.TOOL, 5)));
    world.takes("a", MINUTE.multipliedBy(10)).run();

    assertThat(world.state().step("a").error()).isEqualTo(StepError.of(ErrorKind.LIMIT, USED_UP));
    assertThat(world.state().status()).isEqualTo(RunStatus.FAILED);
    assertThat(world.state().warnings())
        .containsExactly("Step a has worked for 4m of the 5m that limits.time allows");
    assertThat(world.timeOf(Event.LimitNear.class)).isEqualTo(MINUTE.multipliedBy(4));
    assertThat(world.timeOf(Event.StepFailed.class)).isEqualTo(MINUTE.multipliedBy(5));
    assertThat(world.cancelled()).containsExactly("a#1");
  }

  @Test
  void aCallThatIsDoneInTimeIsNotFailedAfterwards() {
    TimedWorld world = new TimedWorld(plan(step("a", Kind.TOOL, 5)));
    world.takes("a", MINUTE.multipliedBy(5).minusMillis(1)).run();
    assertThat(world.state().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void attemptsAndTheWaitsBetweenThemCountTogether() {
    Retry retry = new Retry(9, MINUTE, MINUTE, Set.of(ErrorKind.UNAVAILABLE));
    TimedWorld world =
        new TimedWorld(plan(step("a", Kind.TOOL, null, retry, new OnError.Fail(), 5)));
    world.failing("a").takes("a", MINUTE).run();

    assertThat(world.state().step("a").error()).isEqualTo(StepError.of(ErrorKind.LIMIT, USED_UP));
    assertThat(world.timeOf(Event.StepFailed.class)).isEqualTo(MINUTE.multipliedBy(5));
    assertThat(world.count(Event.ToolCalled.class)).isEqualTo(3);
  }

  @Test
  void aWaitForItsNextAttemptIsNotWaitedToItsEnd() {
    Retry retry = new Retry(9, MINUTE, MINUTE, Set.of(ErrorKind.UNAVAILABLE));
    TimedWorld world =
        new TimedWorld(plan(step("a", Kind.TOOL, null, retry, new OnError.Fail(), 2)));
    world.failing("a").takes("a", MINUTE.plusSeconds(30)).run();
    assertThat(world.timeOf(Event.StepFailed.class)).isEqualTo(MINUTE.multipliedBy(2));
  }

  @Test
  void whatIsInsideCountsOnceSideBySideAndAddsUpInARow() {
    Node group = step("a", Kind.GROUP, 5);
    Duration three = MINUTE.multipliedBy(3);
    TimedWorld beside = new TimedWorld(group(group, tool("x", List.of()), tool("y", List.of())));
    beside.takes("x", three).takes("y", three).run();
    assertThat(beside.state().status()).isEqualTo(RunStatus.SUCCEEDED);

    TimedWorld inARow =
        new TimedWorld(group(group, tool("x", List.of()), tool("y", AFTER_THE_FIRST)));
    inARow.takes("x", three).takes("y", three).run();
    assertThat(inARow.state().step("a").error()).isEqualTo(StepError.of(ErrorKind.LIMIT, USED_UP));
    assertThat(inARow.status("a/x")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(inARow.status("a/y")).isEqualTo(StepStatus.CANCELLED);
    assertThat(inARow.timeOf(Event.StepFailed.class)).isEqualTo(MINUTE.multipliedBy(5));
  }

  @Test
  void whatBeginsWhileOtherWorkIsUnderWayAddsNothingAndTakesNothingAway() {
    Node ask = Plans.plain("q", Kind.ASK, List.of(), Duration.ZERO);
    TimedWorld world =
        new TimedWorld(
            group(step("a", Kind.GROUP, 5), ask, tool("y", AFTER_THE_FIRST), tool("x", List.of())));
    Duration six = MINUTE.multipliedBy(6);
    world.takes("q", MINUTE.multipliedBy(2)).takes("x", six).takes("y", six).run();
    assertThat(world.timeOf(Event.StepFailed.class)).isEqualTo(MINUTE.multipliedBy(5));
  }

  @Test
  void aLostCallIsStillVerifiedAndNobodyLooksAtTheTimeMeanwhile() {
    Node a = step("a", Kind.TOOL, 5);
    Node verified =
        new Node(
            "a",
            Kind.TOOL,
            List.of(),
            null,
            null,
            null,
            Retry.NONE,
            null,
            new OnError.Fail(),
            0,
            Duration.ZERO,
            null,
            true,
            null,
            a.limits());
    TimedWorld world = new TimedWorld(plan(verified)).writing();
    world.takes("a", MINUTE.multipliedBy(10)).run();
    assertThat(world.count(Event.ToolCalled.class)).isEqualTo(2);
    assertThat(world.state().step("a").status()).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(world.count(Event.TimeMeasured.class)).as("at 80 % and at the end").isEqualTo(2);
    assertThat(world.elapsed()).isEqualTo(MINUTE.multipliedBy(15));
  }

  @Test
  void aCallWithAnEffectThatIsGivenUpIsInDoubt() {
    TimedWorld world =
        new TimedWorld(group(step("a", Kind.GROUP, 5), tool("x", List.of())))
            .writing()
            .takes("x", MINUTE.multipliedBy(10));
    world.run();
    assertThat(world.status("a/x")).isEqualTo(StepStatus.IN_DOUBT);
    assertThat(world.state().doubts()).hasSize(1);

    world.hear(
        new Event.DoubtResolved(
            StepPath.parse("a/x"), "a/x#1", Event.Resolution.DONE, Json.text("written")));
    assertThat(world.state().step("a").error()).isEqualTo(StepError.of(ErrorKind.LIMIT, USED_UP));
  }

  @Test
  void waitingForAPersonIsNotCounted() {
    Node ask = Plans.plain("x", Kind.ASK, List.of(), Duration.ZERO);
    TimedWorld world =
        new TimedWorld(group(step("a", Kind.GROUP, 5), ask, tool("y", AFTER_THE_FIRST)));
    world.takes("x", Duration.ofDays(1)).takes("y", MINUTE.multipliedBy(4)).run();
    assertThat(world.state().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void waitingForASlotIsNotCounted() {
    TimedWorld world = new TimedWorld(plan(tool("long", List.of()), step("a", Kind.TOOL, 5)), 1);
    world.takes("long", Duration.ofHours(1)).takes("a", MINUTE.multipliedBy(4)).run();
    assertThat(world.state().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void aWaitIsGivenUp() {
    Node wait = Plans.plain("x", Kind.WAIT, List.of(), Duration.ZERO);
    TimedWorld world = new TimedWorld(group(step("a", Kind.GROUP, 5), wait));
    world.takes("x", Duration.ofDays(1)).run();
    assertThat(world.timeOf(Event.StepFailed.class)).isEqualTo(MINUTE.multipliedBy(5));
  }

  @Test
  void theElementsOfAnEachShareTheTimeAndThoseThatAreLeftFailAsWithAnyBudget() {
    Fan oneByOne = new Fan(1, false, false);
    TimedWorld world =
        new TimedWorld(plan(step("a", Kind.TOOL, oneByOne, Retry.NONE, new OnError.Continue(), 5)));
    world.takes("a", MINUTE.multipliedBy(2)).run();
    assertThat(world.state().step("a").status()).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(world.state().step("a").errors())
        .containsExactly(
            new StepInfo.ElementError("2", StepError.of(ErrorKind.LIMIT, USED_UP)),
            new StepInfo.ElementError("3", StepError.of(ErrorKind.LIMIT, USED_UP)));
    assertThat(world.timeOf(Event.StepSucceeded.class)).isEqualTo(MINUTE.multipliedBy(2));
    assertThat(world.elapsed()).isEqualTo(MINUTE.multipliedBy(5));
  }

  @Test
  void elementsThatHoldStepsDoNotEvenOpenWhenTheTimeIsUsedUp() {
    Node each =
        step("a", Kind.GROUP, new Fan(1, false, false), Retry.NONE, new OnError.Continue(), 5);
    TimedWorld world = new TimedWorld(group(each, tool("x", List.of())));
    world.takes("x", MINUTE.multipliedBy(3)).run();
    assertThat(world.status("a[0]")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(world.status("a[1]/x")).isEqualTo(StepStatus.CANCELLED);
    assertThat(world.state().step(StepPath.parse("a[2]/x"))).isNull();
    assertThat(world.state().step("a").errors()).hasSize(3);
    assertThat(world.elapsed()).isEqualTo(MINUTE.multipliedBy(5));
  }

  @Test
  void revisionsShareTheTime() {
    Node judge =
        new Node(
            "j",
            Kind.SET,
            AFTER_THE_FIRST,
            null,
            null,
            new Revise(List.of(0, 1), 9, false),
            Retry.NONE,
            null,
            new OnError.Fail(),
            0,
            Duration.ZERO,
            null,
            false,
            null,
            Allowance.NONE);
    TimedWorld world = new TimedWorld(plan(step("a", Kind.TOOL, 5), judge));
    world.neverContent().takes("a", MINUTE.multipliedBy(2)).run();
    assertThat(world.status("a~1")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(world.status("a~2")).isEqualTo(StepStatus.FAILED);
    assertThat(world.state().step("a").error()).isEqualTo(StepError.of(ErrorKind.LIMIT, USED_UP));
  }

  @Test
  void whatADeadEngineDidNotDoIsNotCountedAndWhatWasUsedStaysUsed() {
    TimedWorld world = new TimedWorld(plan(step("a", Kind.TOOL, 5)));
    world.takes("a", MINUTE.multipliedBy(10)).runUntil(MINUTE.multipliedBy(4));
    world.die(Duration.ofDays(2));
    world.run();
    assertThat(world.timeOf(Event.StepFailed.class))
        .isEqualTo(Duration.ofDays(2).plus(MINUTE.multipliedBy(5)));
    assertThat(world.count(Event.ToolCalled.class)).isEqualTo(2);
    assertThat(world.count(Event.LimitNear.class)).isEqualTo(1);
  }

  @Test
  void aHigherLimitThatIsAdoptedLetsTheStepGoOnWithTheRest() {
    TimedWorld world = new TimedWorld(plan(step("a", Kind.TOOL, 5)));
    world.takes("a", MINUTE.multipliedBy(6)).runUntil(MINUTE.multipliedBy(4));
    world.die(Duration.ofDays(2));
    world.adopt(plan(step("a", Kind.TOOL, 20)));
    world.run();
    assertThat(world.state().status()).isEqualTo(RunStatus.SUCCEEDED);

    TimedWorld lower = new TimedWorld(plan(step("a", Kind.TOOL, 50)));
    lower.takes("a", MINUTE.multipliedBy(6)).runUntil(MINUTE.multipliedBy(1));
    lower.die(Duration.ZERO);
    lower.adopt(plan(step("a", Kind.TOOL, 5)));
    lower.run();
    assertThat(lower.state().step("a").error()).isEqualTo(StepError.of(ErrorKind.LIMIT, USED_UP));
  }

  @Test
  void anAgentWorksWhileAnyStepThatRunsItDoesAndNotWhileNoneDoes() {
    Node first = Plans.plain("x", Kind.AGENT, List.of(), Duration.ZERO);
    Node beside = Plans.plain("y", Kind.AGENT, List.of(), Duration.ZERO);
    Node between = Plans.plain("z", Kind.TOOL, AFTER_THE_FIRST, Duration.ZERO);
    Node last = Plans.plain("a", Kind.AGENT, List.of(new Edge(2, EdgeKind.NEED)), Duration.ZERO);
    Plan plan =
        new Plan(List.of(first, beside, between, last), Map.of(), Map.of("agent", minutes(5)));
    TimedWorld world = new TimedWorld(plan);
    Duration three = MINUTE.multipliedBy(3);
    world.takes("x", three).takes("y", three).takes("z", Duration.ofHours(1)).takes("a", three);
    world.run();
    assertThat(world.status("x")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(world.status("y")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(world.state().step("a").error())
        .isEqualTo(
            StepError.of(
                ErrorKind.LIMIT, "Agent agent has worked for the 5m that limits.time allows"));
    assertThat(world.elapsed()).isEqualTo(Duration.ofHours(1).plus(MINUTE.multipliedBy(5)));
  }

  @Test
  void anAgentDoesNotWorkWhileItsStepWaitsForARetry() {
    Retry retry = new Retry(9, MINUTE, MINUTE, Set.of(ErrorKind.UNAVAILABLE));
    Node step = step("a", Kind.AGENT, null, retry, new OnError.Fail(), 60);
    TimedWorld world =
        new TimedWorld(new Plan(List.of(step), Map.of(), Map.of("agent", minutes(3))));
    world.failing("a").takes("a", MINUTE).run();
    assertThat(world.timeOf(Event.StepFailed.class)).isEqualTo(MINUTE.multipliedBy(5));
  }

  @Test
  void theJournalAloneGivesTheSameSteps() {
    TimedWorld world =
        new TimedWorld(group(step("a", Kind.GROUP, 5), tool("x", List.of()), tool("y", List.of())));
    world.takes("x", MINUTE.multipliedBy(2)).takes("y", MINUTE.multipliedBy(9)).run();
    assertThat(world.replayed()).isEqualTo(world.state().all());
  }

  @Test
  void aBoundOnTheRunAloneOrdersNobodyToLook() {
    TimedWorld world = new TimedWorld(plan(tool("a", List.of())));
    world.takes("a", MINUTE).run();
    assertThat(Limits.DEFAULT.budget().time()).isNull();
    assertThat(world.count(Event.TimeMeasured.class)).isZero();
  }
}
