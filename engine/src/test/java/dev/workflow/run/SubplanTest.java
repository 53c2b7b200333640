package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Turn.ToolEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the kernel does when an agent calls for a plan that it has written. */
class SubplanTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final StepPath A = StepPath.of("a");
  private static final StepPath PLAN = StepPath.parse("a.plan");
  private static final StepPath FIRST = StepPath.parse("a.plan/first");
  private static final StepPath SECOND = StepPath.parse("a.plan/second");

  private final List<Command> commands = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private RunState run;
  private Decider decider;

  SubplanTest() {
    begin(10, null, Allowance.NONE);
  }

  /** A run of one agent, with one slot. */
  private void begin(int toolCalls, @Nullable Duration timeout, Allowance ofAgent) {
    Node agent =
        new Node(
            "a",
            Kind.AGENT,
            List.of(),
            null,
            null,
            null,
            Retry.NONE,
            timeout,
            new OnError.Fail(),
            toolCalls,
            Duration.ZERO,
            null,
            false,
            null,
            Allowance.NONE);
    Plan plan = new Plan(List.of(agent), Map.of(), Map.of("agent", ofAgent));
    Limits limits = new Limits(1, Duration.ofHours(1), 2, 2, Allowance.NONE);
    run =
        RunState.begin(
            new Recorded(
                1,
                Instant.EPOCH,
                1,
                new Event.RunStarted("r", "plans", plan, NOTHING, NOTHING, limits, false)));
    decider = new Decider(run);
    commands.clear();
    events.clear();
    settle();
    hear(new Event.StepPrepared(A, new Prepared.Conversation("agent", "go", 1, null)));
  }

  @Test
  void theOnlySlotIsFreeForThePlanAndTheAgentGoesOnWithWhatItGave() {
    reply(plan("p"));
    runPlan();
    assertThat(run.steps.slotsTaken()).isZero();
    succeed(FIRST);
    succeed(SECOND);
    hear(new Event.StepSucceeded(PLAN, text("found")));
    assertThat(events)
        .filteredOn(Event.StepStarted.class::isInstance)
        .containsExactly(
            new Event.StepStarted(A, 1),
            new Event.StepStarted(FIRST, 1),
            new Event.StepStarted(SECOND, 1),
            new Event.StepStarted(A, 1));
    assertThat(results()).containsExactly(new ToolEnded("p", "plan_execute", text("found"), null));
    answer();
    assertThat(run.step("a").status()).isEqualTo(StepStatus.SUCCEEDED);
    assertThat(run.toolCalls()).isEqualTo(2);
  }

  @Test
  void whatWasAskedForBeforeThePlanIsAnsweredFirstAndWhatFollowsWaitsForIt() {
    reply(tool("t"), plan("p"), tool("u"));
    assertThat(run.step(PLAN)).isNull();
    hear(new Event.ToolReturned(A, "a#2", text("t"), List.of()));
    assertThat(commands).contains(new Command.Prepare(PLAN));
    assertThat(run.toolCalls()).isEqualTo(1);
    hear(new Event.StepPrepared(PLAN, new Prepared.Value(text("p"))));
    hear(new Event.ToolReturned(A, "a#3", text("u"), List.of()));
    assertThat(results()).extracting(ToolEnded::id).containsExactly("t", "p", "u");
  }

  @Test
  void theModelIsToldWhichStepOfThePlanFailedAndWhatStands() {
    reply(plan("p"));
    runPlan();
    succeed(FIRST);
    fail(SECOND, new StepError(ErrorKind.TOOL_ERROR, "no seats", List.of("12 wanted")));
    assertThat(results())
        .extracting(ToolEnded::error)
        .containsExactly(
            "The plan failed: a.plan/second failed: no seats: 12 wanted\nWhat these of its steps"
                + " did stands: first");
    answer();
    assertThat(run.step("a").status()).isEqualTo(StepStatus.SUCCEEDED);
  }

  @Test
  void whatIsForbiddenInsideAPlanEndsTheAttemptOfTheAgent() {
    reply(plan("p"));
    runPlan();
    fail(FIRST, StepError.of(ErrorKind.FORBIDDEN, "not approved"));
    assertThat(run.step("a").status()).isEqualTo(StepStatus.FAILED);
  }

  @Test
  void aSecondPlanHasAPathOfItsOwn() {
    reply(plan("p"));
    hear(new Event.StepPrepared(PLAN, new Prepared.Value(text("p"))));
    reply(plan("q"));
    assertThat(commands).contains(new Command.Prepare(PLAN.revision(1)));
  }

  @Test
  void theCallsInsideCountAmongThoseOfTheAttempt() {
    begin(2, null, Allowance.NONE);
    reply(plan("p"));
    runPlan();
    succeed(FIRST);
    prepare(SECOND);
    assertThat(results())
        .extracting(ToolEnded::error)
        .containsExactly(
            "The plan failed: a.plan/second failed: The plan of step a has made the 1 tool calls"
                + " that limits.tool_calls allows\nWhat these of its steps did stands: first");
    reply(tool("t"));
    assertThat(run.step("a").error())
        .isEqualTo(StepError.of(ErrorKind.GUARD, "The agent wants more than 2 tool calls"));
  }

  @Test
  void theCallsInsideArePaidFromTheBudgetOfTheAgent() {
    begin(10, null, new Allowance(null, null, null, 1, null, null));
    reply(plan("p"));
    runPlan();
    succeed(FIRST);
    prepare(SECOND);
    assertThat(results())
        .extracting(ToolEnded::error)
        .containsExactly(
            "The plan failed: a.plan/second failed: Agent agent has made the 1 tool calls that"
                + " limits.tool_calls allows\nWhat these of its steps did stands: first");
  }

  @Test
  void whenTheTimeOfTheAttemptIsUpWhatIsAtWorkInsideIsStopped() {
    begin(10, Duration.ofSeconds(30), Allowance.NONE);
    reply(plan("p"));
    runPlan();
    prepare(FIRST);
    hear(new Event.TimerFired(A, 1));
    String call = open(FIRST);
    assertThat(commands).contains(new Command.CancelCall(FIRST, call));
    assertThat(run.step("a").status()).isEqualTo(StepStatus.RUNNING);
    hear(new Event.ToolFailed(FIRST, call, StepError.of(ErrorKind.CANCELLED, "given up"), false));
    assertThat(status("a.plan/first")).isEqualTo(StepStatus.CANCELLED);
    assertThat(status("a.plan")).isEqualTo(StepStatus.CANCELLED);
    assertThat(run.step("a").error())
        .isEqualTo(StepError.of(ErrorKind.TIMEOUT, "No answer within PT30S"));
  }

  @Test
  void theTimeOfTheAttemptRunsOnWhileThePlanIsAtWorkAndWhileTheAgentWaitsForASlot() {
    begin(10, Duration.ofSeconds(30), Allowance.NONE);
    reply(plan("p"));
    hear(new Event.StepPrepared(PLAN, new Prepared.Value(text("p"))));
    assertThat(commands).filteredOn(Command.SetTimer.class::isInstance).hasSize(1);
    assertThat(run.steps.get(A).due).isEqualTo(Instant.EPOCH.plusSeconds(30));
  }

  @Test
  void aProcessThatTakesOverGoesOnInThePlan() {
    reply(plan("p"));
    runPlan();
    succeed(FIRST);
    prepare(SECOND);
    commands.clear();
    hear(new Event.RunResumed(run.limits()));
    assertThat(commands).filteredOn(Command.CallModel.class::isInstance).isEmpty();
    hear(new Event.ToolReturned(SECOND, open(SECOND), text("2"), List.of()));
    hear(new Event.StepSucceeded(PLAN, text("found")));
    assertThat(results()).containsExactly(new ToolEnded("p", "plan_execute", text("found"), null));
  }

  private static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  private static WantedCall plan(String id) {
    return new WantedCall(
        id, "plan_execute", "", "plan_execute", NOTHING, id, "", Effect.READ, null, null);
  }

  private static WantedCall tool(String id) {
    return new WantedCall(id, "t", "s", "t", NOTHING, id, "d", Effect.READ, null, null);
  }

  /** The newest request of the agent is answered. */
  private void reply(WantedCall... calls) {
    hear(
        new Event.ModelReplied(
            A,
            open(A),
            new ModelReply(
                "p/m",
                "",
                null,
                Arrays.asList(calls),
                null,
                List.of(),
                ModelReply.Usage.NONE,
                null)));
  }

  private void answer() {
    hear(
        new Event.ModelReplied(
            A,
            open(A),
            new ModelReply(
                "p/m", "done", null, List.of(), null, List.of(), ModelReply.Usage.NONE, null)));
  }

  /** The plan begins: one tool after the other. */
  private void runPlan() {
    assertThat(commands).contains(new Command.Prepare(PLAN));
    Plan plan =
        new Plan(
            List.of(
                Plans.plain("first", Kind.TOOL, List.of(), Duration.ZERO),
                Plans.plain(
                    "second", Kind.TOOL, List.of(new Edge(0, EdgeKind.NEED)), Duration.ZERO)),
            Map.of(),
            Map.of());
    hear(new Event.PlanChecked(PLAN, "plan 1", "", plan, NOTHING));
    hear(new Event.StepPrepared(PLAN, new Prepared.Body(NOTHING, "plan 1")));
  }

  private void prepare(StepPath step) {
    hear(
        new Event.StepPrepared(
            step, new Prepared.Call("s", "t", NOTHING, "h", "d", Effect.READ, "k" + step)));
  }

  private void succeed(StepPath step) {
    prepare(step);
    hear(new Event.ToolReturned(step, open(step), text("ok"), List.of()));
  }

  private void fail(StepPath step, StepError error) {
    prepare(step);
    hear(new Event.ToolFailed(step, open(step), error, false));
  }

  private String open(StepPath step) {
    return run.steps.get(step).calls.keySet().iterator().next();
  }

  private StepStatus status(String path) {
    return run.steps.get(StepPath.parse(path)).status();
  }

  /** What the agent has got to know so far. */
  private List<ToolEnded> results() {
    return run.steps.get(A).conversation().transcript().stream()
        .filter(ToolEnded.class::isInstance)
        .map(ToolEnded.class::cast)
        .toList();
  }

  private void hear(Event event) {
    run.apply(new Recorded(run.lastSeq() + 1, Instant.EPOCH, 1, event));
    events.add(event);
    settle();
  }

  private void settle() {
    for (Decision next = decider.decide(); !next.isEmpty(); next = decider.decide()) {
      commands.addAll(next.commands());
      next.events()
          .forEach(
              event -> {
                run.apply(new Recorded(run.lastSeq() + 1, Instant.EPOCH, 1, event));
                events.add(event);
              });
    }
  }
}
