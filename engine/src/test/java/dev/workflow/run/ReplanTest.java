package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Fan;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the kernel does when a step has failed for good and another way is looked for. */
class ReplanTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final StepPath F = StepPath.of("f");
  private static final StepError DEAD = StepError.of(ErrorKind.UNAVAILABLE, "exit code 137");

  private final List<Command> commands = new ArrayList<>();
  private RunState run;
  private Decider decider;

  ReplanTest() {
    begin(new Plan(List.of(step("f"), step("after", need(0)), step("other")), Map.of(), Map.of()));
  }

  private void begin(Plan plan) {
    Limits limits = new Limits(8, Duration.ofHours(1), 2, 2, Allowance.NONE);
    run =
        RunState.begin(
            new Recorded(
                1,
                Instant.EPOCH,
                1,
                new Event.RunStarted("r", "replan", plan, NOTHING, NOTHING, limits, false)));
    decider = new Decider(run);
    commands.clear();
    settle();
  }

  @Test
  void anotherToolBeginsTheStepAnewAndNothingElse() {
    fail("f", "a", DEAD);
    hear(changed(F));
    assertThat(status("f")).isEqualTo(StepStatus.FAILED);
    assertThat(status("f~1")).isEqualTo(StepStatus.PENDING);
    assertThat(status("after")).isEqualTo(StepStatus.PENDING);
    assertThat(run.step(StepPath.of("other"))).isNotNull();
    assertThat(run.replans()).isEqualTo(1);
    succeed("f~1", "b");
    assertThat(status("after")).isEqualTo(StepStatus.PENDING);
    assertThat(commands).contains(new Command.Prepare(StepPath.of("after")));
  }

  @Test
  void asManyWaysAreGoneAsTheLimitSays() {
    for (String path : List.of("f", "f~1")) {
      assertThat(fail(path, "tool of " + path, DEAD).refusal()).isNull();
      hear(changed(StepPath.parse(path)));
    }
    assertThat(fail("f~2", "c", DEAD).refusal()).startsWith("limits.replans allows 2");
  }

  @Test
  void aStepAndAllInsideItGoAsManyOtherWaysAsItsOwnLimitSays() {
    Node group = Plans.limited(node("g", Kind.GROUP, List.of(), null, "body"), replans(1));
    Plan plan =
        new Plan(
            List.of(group, step("f")), Map.of("body", List.of(step("a"), step("b"))), Map.of());
    begin(plan);
    hear(new Event.StepPrepared(StepPath.of("g"), new Prepared.Body(null, null)));
    assertThat(fail("g/a", "x", DEAD).refusal()).isNull();
    hear(changed(StepPath.parse("g/a"), plan));
    assertThat(run.limitWarnings())
        .containsExactly("Step g has made 1 of the 1 changes of plan that limits.replans allows");
    assertThat(fail("g/b", "x", DEAD).refusal())
        .isEqualTo("Step g has made the 1 changes of plan that limits.replans allows");
    assertThat(fail("f", "x", DEAD).refusal()).as("what is not inside").isNull();
  }

  @Test
  void whatWasUsedOfTheLimitOfAStepStaysUsedWhenThePlanChanges() {
    Node once = Plans.limited(step("f"), replans(1));
    Plan plan = new Plan(List.of(once), Map.of(), Map.of());
    begin(plan);
    fail("f", "x", DEAD);
    hear(changed(F, plan));
    assertThat(fail("f~1", "y", DEAD).refusal()).startsWith("Step f has made the 1 changes");
    Plan twice = new Plan(List.of(Plans.limited(step("f"), replans(2))), Map.of(), Map.of());
    begin(plan);
    fail("f", "x", DEAD);
    hear(changed(F, twice));
    assertThat(fail("f~1", "y", DEAD).refusal()).isNull();
  }

  @Test
  void anAgentPlansAsOftenAsItsLimitSaysAndAnotherToolNeedsNoAgent() {
    begin(
        new Plan(
            List.of(step("f"), step("after"), step("other")),
            Map.of(),
            Map.of("replanner", replans(1))));
    assertThat(fail("f", "x", DEAD).unplanned()).isNull();
    hear(new Event.ReplanReferred(F, planning()));
    Command.Replan second = fail("other", "x", DEAD);
    assertThat(second.refusal()).isNull();
    assertThat(second.unplanned())
        .isEqualTo("Agent replanner has made the 1 changes of plan that limits.replans allows");
  }

  @Test
  void ofTwoFailuresAtOnceTheSecondIsDecidedOnWhenTheFirstIsCounted() {
    begin(
        new Plan(
            List.of(Plans.limited(step("f"), replans(0)), step("after"), step("other")),
            Map.of(),
            Map.of()));
    StepPath other = StepPath.of("other");
    call(F, "x");
    call(other, "x");
    next(new Event.ToolFailed(other, call(other), DEAD, false));
    next(new Event.ToolFailed(F, call(F), DEAD, false));
    List<Integer> perDecision = new ArrayList<>();
    for (Decision one = decider.decide(); !one.isEmpty(); one = decider.decide()) {
      one.events().forEach(this::next);
      perDecision.add(
          (int) one.commands().stream().filter(Command.Replan.class::isInstance).count());
      commands.addAll(one.commands());
    }
    assertThat(perDecision).contains(1).allMatch(commands -> commands <= 1);
    assertThat(commands).filteredOn(Command.Replan.class::isInstance).hasSize(2);
  }

  @Test
  void aPlanThatIsWrittenWhenAnotherWayHasUsedTheLimitUpIsNotGoneOverTo() {
    refer();
    for (String path : List.of("other", "other~1")) {
      fail(path, "tool of " + path, DEAD);
      hear(changed(StepPath.parse(path), planOf(F)));
    }
    plan();
    assertThat(commands).doesNotHaveAnyElementsOfTypes(Command.Revise.class);
    assertThat(run.step("f").error())
        .isEqualTo(
            new StepError(
                DEAD.kind(),
                DEAD.message(),
                List.of(
                    "No other way: limits.replans allows 2, and so often another way was gone")));
  }

  @Test
  void theSameFailureLeadsToNoOtherWayTwice() {
    fail("f", "a", DEAD);
    hear(changed(F));
    StepError again = StepError.of(ErrorKind.UNAVAILABLE, "exit code 143");
    assertThat(fail("f~1", "a", again).refusal()).contains("same failure");
  }

  @Test
  void anotherFailureOfTheSameStepMayLeadToAnotherWay() {
    fail("f", "a", DEAD);
    hear(changed(F));
    assertThat(fail("f~1", "a", StepError.of(ErrorKind.TOOL_ERROR, "no such place")).refusal())
        .isNull();
  }

  @Test
  void whoJoinsAWayThatOthersHaveGoneCostsNoReplan() {
    Node each = node("f", Kind.TOOL, List.of(), new Fan(0, false, false), null);
    begin(new Plan(List.of(each), Map.of(), Map.of()));
    hear(
        new Event.StepPrepared(
            F,
            new Prepared.Items(
                List.of(new Prepared.Item("0", NOTHING), new Prepared.Item("1", NOTHING)), false)));
    fail("f[0]", "a", DEAD);
    hear(changed(StepPath.parse("f[0]")));
    fail("f[1]", "a", DEAD);
    hear(new Event.ReplanJoined(StepPath.parse("f[1]")));
    succeed("f[0]~1", "b");
    succeed("f[1]~1", "b");
    assertThat(status("f")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(run.replans()).isEqualTo(1);
  }

  @Test
  void aPlannerIsAskedInAGraphAttachedToTheStepAndOthersGoOn() {
    refer();
    assertThat(status("f.replan")).isEqualTo(StepStatus.RUNNING);
    succeed("other", "x");
    assertThat(status("other")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(status("f")).isEqualTo(StepStatus.RUNNING);
    plan();
    assertThat(commands).contains(new Command.Revise(F, DEAD));
    Plan next =
        new Plan(List.of(step("other"), step("detour"), step("f", need(1))), Map.of(), Map.of());
    hear(revised(next, new Event.Revision(null, "", "", next, NOTHING), "f"));
    assertThat(status("other")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(status("f")).isEqualTo(StepStatus.FAILED);
    assertThat(run.step(StepPath.of("after"))).isNull();
    succeed("detour", "d");
    succeed("f~1", "b");
    assertThat(commands).contains(new Command.Finish(RunStatus.SUCCEEDED));
  }

  @Test
  void aPlannerThatFailsLeavesTheFailureAndSaysWhyThereIsNoOtherWay() {
    refer();
    StepPath planner = F.child(StepPath.REPLAN);
    hear(
        new Event.ModelFailed(
            planner, planner + "#1", StepError.of(ErrorKind.MODEL_ERROR, "no"), true));
    StepInfo failed = run.step(F);
    assertThat(failed).isNotNull();
    assertThat(failed.status()).isEqualTo(StepStatus.FAILED);
    assertThat(failed.error()).isNotNull();
    assertThat(failed.error().message()).isEqualTo(DEAD.message());
    assertThat(failed.error().details()).anySatisfy(line -> assertThat(line).contains("f.replan"));
  }

  @Test
  void aRunThatIsCancelledStopsPlanning() {
    refer();
    hear(new Event.CancelRequested("law", false));
    assertThat(commands.stream().anyMatch(Command.CancelCall.class::isInstance)).isTrue();
    StepPath planner = F.child(StepPath.REPLAN);
    hear(
        new Event.ModelFailed(
            planner, planner + "#1", StepError.of(ErrorKind.CANCELLED, "x"), true));
    assertThat(status("f.replan")).isEqualTo(StepStatus.CANCELLED);
    assertThat(status("f")).isEqualTo(StepStatus.CANCELLED);
  }

  @Test
  void aGraphInOneContainerChangesAndThoseInOthersDoNot() {
    Node each = node("f", Kind.GROUP, List.of(), new Fan(0, false, false), "body");
    begin(
        new Plan(List.of(each), Map.of("body", List.of(step("a"), step("b", need(0)))), Map.of()));
    hear(
        new Event.StepPrepared(
            F,
            new Prepared.Items(
                List.of(new Prepared.Item("0", NOTHING), new Prepared.Item("1", NOTHING)), false)));
    hear(new Event.StepPrepared(StepPath.parse("f[0]"), new Prepared.Body(null, null)));
    hear(new Event.StepPrepared(StepPath.parse("f[1]"), new Prepared.Body(null, null)));
    succeed("f[1]/a", "x");
    StepPath failed = StepPath.parse("f[0]/a");
    fail("f[0]/a", "x", DEAD);
    hear(new Event.ReplanReferred(failed, planning()));
    hear(new Event.StepPrepared(failed.child(StepPath.REPLAN), new Prepared.Value(NOTHING)));
    hear(new Event.StepPrepared(failed.child(StepPath.APPROVE), new Prepared.Skip("nothing")));
    Plan inside = new Plan(List.of(step("c")), Map.of(), Map.of());
    Event.Revision revision =
        new Event.Revision(StepPath.parse("f[0]"), "other", "", inside, NOTHING);
    hear(
        new Event.PlanChanged(
            Event.Reason.REPLANNED,
            run.plan(),
            NOTHING,
            NOTHING,
            List.of(),
            List.of(),
            null,
            new Event.Replan(failed, DEAD, "law", revision)));
    assertThat(run.step(StepPath.parse("f[0]/b"))).isNull();
    succeed("f[0]/c", "x");
    succeed("f[1]/b", "x");
    hear(new Event.StepSucceeded(StepPath.parse("f[0]"), NOTHING));
    hear(new Event.StepSucceeded(StepPath.parse("f[1]"), NOTHING));
    assertThat(status("f")).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(status("f[0]/a")).isEqualTo(StepStatus.FAILED);
    assertThat(status("f[1]/a")).isEqualTo(StepStatus.SUCCEEDED);
  }

  /** A planner that does not converse, so that its answer needs no model. */
  private static Plan planning() {
    Node planner = node(StepPath.REPLAN, Kind.SET, List.of(), null, null);
    Node approval = node(StepPath.APPROVE, Kind.ASK, List.of(need(0)), null, null);
    return new Plan(List.of(planner, approval), Map.of(), Map.of());
  }

  private void refer() {
    fail("f", "a", DEAD);
    Node planner = node(StepPath.REPLAN, Kind.AGENT, List.of(), null, null);
    Node approval = node(StepPath.APPROVE, Kind.ASK, List.of(need(0)), null, null);
    hear(new Event.ReplanReferred(F, new Plan(List.of(planner, approval), Map.of(), Map.of())));
    hear(
        new Event.StepPrepared(
            F.child(StepPath.REPLAN), new Prepared.Conversation("replanner", "?", 1, null)));
  }

  private void plan() {
    StepPath planner = F.child(StepPath.REPLAN);
    hear(
        new Event.ModelReplied(
            planner,
            planner + "#1",
            new ModelReply(
                "p/m", "", null, List.of(), NOTHING, List.of(), ModelReply.Usage.NONE, null)));
    hear(new Event.StepPrepared(F.child(StepPath.APPROVE), new Prepared.Skip("nothing")));
  }

  private static Allowance replans(int most) {
    return new Allowance(null, null, null, null, null, most);
  }

  private static Event changed(StepPath step) {
    return changed(step, planOf(step));
  }

  private static Event changed(StepPath step, Plan plan) {
    return new Event.PlanChanged(
        Event.Reason.REPLANNED,
        plan,
        NOTHING,
        NOTHING,
        List.of(),
        List.of(),
        null,
        new Event.Replan(step, DEAD, "another tool", null));
  }

  private static Plan planOf(StepPath step) {
    return step.last().key() == null
        ? new Plan(List.of(step("f"), step("after", need(0)), step("other")), Map.of(), Map.of())
        : new Plan(
            List.of(node("f", Kind.TOOL, List.of(), new Fan(0, false, false), null)),
            Map.of(),
            Map.of());
  }

  private static Event revised(Plan next, Event.Revision revision, String... again) {
    return new Event.PlanChanged(
        Event.Reason.REPLANNED,
        next,
        NOTHING,
        NOTHING,
        List.of(again),
        List.of(),
        null,
        new Event.Replan(F, DEAD, "another route", revision));
  }

  private Command.Replan fail(String path, String tool, StepError error) {
    StepPath step = StepPath.parse(path);
    call(step, tool);
    hear(new Event.ToolFailed(step, call(step), error, false));
    return commands.stream()
        .filter(Command.Replan.class::isInstance)
        .map(Command.Replan.class::cast)
        .filter(command -> command.step().equals(step))
        .findFirst()
        .orElseThrow();
  }

  private void succeed(String path, String tool) {
    StepPath step = StepPath.parse(path);
    call(step, tool);
    hear(new Event.ToolReturned(step, call(step), NOTHING, List.of()));
  }

  private void call(StepPath step, String tool) {
    hear(
        new Event.StepPrepared(
            step, new Prepared.Call("s", tool, NOTHING, "hash", "digest", Effect.READ, "key")));
  }

  private static String call(StepPath step) {
    return step + "#1";
  }

  private StepStatus status(String path) {
    StepInfo info = run.step(StepPath.parse(path));
    assertThat(info).as("%s of %s", path, run.all()).isNotNull();
    return info.status();
  }

  private void next(Event event) {
    run.apply(new Recorded(run.lastSeq() + 1, run.lastEventAt().plusMillis(1), 1, event));
  }

  private void hear(Event event) {
    next(event);
    settle();
  }

  private void settle() {
    Decision decision = decider.decide();
    while (!decision.isEmpty()) {
      commands.addAll(decision.commands());
      decision
          .events()
          .forEach(
              event ->
                  run.apply(
                      new Recorded(run.lastSeq() + 1, run.lastEventAt().plusMillis(1), 1, event)));
      decision = decider.decide();
    }
  }

  private static Edge need(int source) {
    return new Edge(source, EdgeKind.NEED);
  }

  private static Node step(String id, Edge... edges) {
    return node(id, Kind.TOOL, List.of(edges), null, null);
  }

  private static Node node(
      String id, Kind kind, List<Edge> edges, @Nullable Fan each, @Nullable String body) {
    return new Node(
        id,
        kind,
        edges,
        each,
        null,
        null,
        Retry.NONE,
        null,
        id.startsWith(".") ? new OnError.Fail() : new OnError.Replan(null),
        10,
        Duration.ofSeconds(1),
        body,
        false,
        null,
        Allowance.NONE);
  }
}
