package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Money;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Resource;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.ModelReply.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run as the fold of its events. One owner feeds it; everybody else reads what it gives out. Each
 * event costs the same, however large the plan is.
 */
public final class RunState {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private final RunStarted start;
  private final Instant startedAt;
  final WorkClock clock;
  final Steps steps;
  private final EventFold fold;
  Limits limits;
  RunStatus status = RunStatus.RUNNING;
  Instant now;
  private long seq;
  Usage usage = Usage.NONE;
  private final Budget budget;
  private final Map<String, Budget> agentBudgets = new HashMap<>();

  /** Limits of which most is used up, which nobody was told yet. */
  final Deque<Event.LimitNear> near = new ArrayDeque<>();

  final List<String> limitWarnings = new ArrayList<>();
  boolean cancelling;

  /** Whether a cancelled run takes back what it has done; one that fails always does. */
  boolean undoesWhenCancelled;

  @Nullable String limitReached;
  @Nullable String limitMessage;
  private Plan plan;
  private JsonNode definition;
  private JsonNode inputs;
  private Event.@Nullable Origin origin;
  private final List<Event.PlanChanged> planChanges = new ArrayList<>();

  /** Whether the command that ends or pauses the run was given in this process. */
  boolean closing;

  /** Plans that were written in this run and passed the check, by the names of their graphs. */
  final Map<String, Event.PlanChecked> plans = new LinkedHashMap<>();

  /** Failures after which another way was gone. */
  private final Set<String> answeredFailures = new HashSet<>();

  Map<String, JsonNode> outputs = Map.of();
  List<String> warnings = List.of();

  private RunState(Recorded first, RunStarted start) {
    this.start = start;
    this.startedAt = first.time();
    this.now = first.time();
    this.seq = first.seq();
    this.limits = start.limits();
    this.plan = start.plan();
    this.definition = start.definition();
    this.inputs = start.inputs();
    this.clock = new WorkClock(agentBudgets);
    this.steps = new Steps(plan, clock);
    this.budget = new Budget("The run", limits.budget());
    plan.agents().forEach((name, most) -> agentBudgets.put(name, Budget.ofAgent(name, most)));
    this.fold = new EventFold(this);
  }

  /**
   * The state after the first event.
   *
   * @throws IllegalArgumentException when the event is not the start of a run
   */
  public static RunState begin(Recorded first) {
    if (!(first.event() instanceof RunStarted start) || first.seq() != 1) {
      throw new IllegalArgumentException(
          "A journal begins with run_started as number 1, found "
              + first.event().getClass().getSimpleName()
              + " as number "
              + first.seq());
    }
    return new RunState(first, start);
  }

  /**
   * Takes the next event in.
   *
   * @throws IllegalArgumentException when it is not the next one
   */
  public void apply(Recorded recorded) {
    if (recorded.seq() != seq + 1) {
      throw new IllegalArgumentException(
          "Expected event number " + (seq + 1) + ", found number " + recorded.seq());
    }
    seq = recorded.seq();
    if (steps.enginesTurn(limits.concurrency())
        && !(recorded.event() instanceof Event.RunResumed)) {
      clock.advance(elapsed(recorded.time()));
    }
    now = recorded.time();
    fold.apply(recorded.event());
  }

  /** Clocks may step back; a run's working time does not. */
  private Duration elapsed(Instant time) {
    return time.isAfter(now) ? Duration.between(now, time) : Duration.ZERO;
  }

  /** The event that began the run. */
  public RunStarted start() {
    return start;
  }

  /** The plan in force. */
  public Plan plan() {
    return plan;
  }

  /** The definition in force, as the journal has it. */
  public JsonNode definition() {
    return definition;
  }

  /** The inputs in force. */
  public JsonNode inputs() {
    return inputs;
  }

  /** What this run is a fork of; absent: it is none. */
  public Event.@Nullable Origin origin() {
    return origin;
  }

  /** How the plan has changed so far, in order. */
  public List<Event.PlanChanged> planChanges() {
    return Collections.unmodifiableList(planChanges);
  }

  /**
   * What a change of plan would do now.
   *
   * @param again names of the steps whose work is not what it was
   */
  public Impact impact(Plan next, Collection<String> again) {
    return steps.impact(next, Set.copyOf(again));
  }

  /**
   * What another graph inside one container would do now.
   *
   * @param within the container, which is open
   * @param again names of the steps whose work is not what it was
   */
  public Impact impact(StepPath within, Plan next, Collection<String> again) {
    return steps.impact(within, next, Set.copyOf(again));
  }

  /** How often another way was found after a failure. */
  public int replans() {
    return (int)
        planChanges.stream().filter(each -> each.reason() == Event.Reason.REPLANNED).count();
  }

  /** Takes note of a failure after which another way is gone. */
  void anotherWayWasFound(StepRun step, StepError error) {
    answeredFailures.add(fingerprint(step, error));
  }

  /** Why the plan may not change after a failure; absent: it may. */
  @Nullable String refusalToReplan(StepRun step, StepError error) {
    int most = limits.replans();
    if (replans() >= most) {
      return "limits.replans allows %d".formatted(most)
          + (most == 0 ? "" : ", and so often another way was gone");
    }
    for (Budget each : step.scope.budgets(step)) {
      if (each.exceededBy(Amount.REPLAN) != null) {
        return each.exceeded(Resource.REPLANS, Amount.REPLAN, null);
      }
    }
    return answeredFailures.contains(fingerprint(step, error))
        ? "the same failure has led to another way before"
        : null;
  }

  /** Why who plans after a failure may not be asked; absent: it may. */
  @Nullable String refusalToPlan(StepRun step) {
    Budget planner = planner(step);
    return planner == null || planner.exceededBy(Amount.REPLAN) == null
        ? null
        : planner.exceeded(Resource.REPLANS, Amount.REPLAN, null);
  }

  /** What the agent that plans after a failure may use up; null: as much as it likes. */
  private @Nullable Budget planner(StepRun failed) {
    return failed.node.onError() instanceof OnError.Replan replan
        ? agentBudgets.get(replan.planner())
        : null;
  }

  /** The plan changes after a failure, which the step and all around it have to pay for. */
  void chargeReplan(StepRun failed) {
    failed.scope.budgets(failed).forEach(each -> charge(each, Amount.REPLAN));
  }

  /** An agent is asked for another plan. */
  void chargePlanner(StepRun failed) {
    Budget planner = planner(failed);
    if (planner != null) {
      charge(planner, Amount.REPLAN);
    }
  }

  /** What makes two failures the same: the step, its tool, and the error but for its numbers. */
  private static String fingerprint(StepRun step, StepError error) {
    StringBuilder text = new StringBuilder();
    for (StepPath.Segment segment : step.path.segments()) {
      text.append('/').append(new StepPath.Segment(segment.id(), segment.key(), 0));
    }
    if (step.prepared instanceof Prepared.Call call) {
      text.append(' ').append(call.server()).append('/').append(call.tool());
    }
    return text.append(' ').append(error.kind()).append(' ')
        + DIGITS.matcher(error.message()).replaceAll("#");
  }

  void planChanged(Event.PlanChanged change) {
    plan = change.plan();
    definition = change.definition();
    inputs = change.inputs();
    origin = change.origin() == null ? origin : change.origin();
    planChanges.add(change);
    closing = false;
    agentBudgets.forEach(
        (name, used) -> used.allow(plan.agents().getOrDefault(name, Allowance.NONE), clock.now()));
    plan.agents()
        .forEach(
            (name, most) ->
                agentBudgets.computeIfAbsent(name, agent -> Budget.ofAgent(agent, most)));
    openSteps().stream().filter(step -> step.phase.takesTime()).forEach(clock::turned);
    clock.watchAgain();
  }

  public Instant startedAt() {
    return startedAt;
  }

  /** Time of the newest event. */
  public Instant lastEventAt() {
    return now;
  }

  /** Number of the newest event. */
  public long lastSeq() {
    return seq;
  }

  public RunStatus status() {
    return status;
  }

  /** The limits in force. */
  public Limits limits() {
    return limits;
  }

  /** Working time so far: downtime and waiting for people are not counted. */
  public Duration activeTime() {
    return clock.now();
  }

  /** Whether only a person or a decision can bring the run forward. */
  public boolean needsHelp() {
    return status == RunStatus.RUNNING && steps.needsHelp(limits.concurrency()) && !closing;
  }

  /** Whether some call is in doubt. */
  public boolean inDoubt() {
    return steps.count(Phase.Mover.DECISION) > 0;
  }

  /** The limit that stopped the run; absent: none. */
  public @Nullable String limitReached() {
    return limitReached;
  }

  /** Outputs of the run as of its last pause or its end. */
  public Map<String, JsonNode> outputs() {
    return outputs;
  }

  /** What people should know: limits that came near, then what is missing at the end. */
  public List<String> warnings() {
    List<String> all = new ArrayList<>(limitWarnings);
    all.addAll(warnings);
    return Collections.unmodifiableList(all);
  }

  /** The warnings that were told when they came up. */
  public List<String> limitWarnings() {
    return Collections.unmodifiableList(limitWarnings);
  }

  public int toolCalls() {
    return (int) budget.settled(Resource.TOOL_CALLS);
  }

  public int modelCalls() {
    return (int) budget.settled(Resource.MODEL_CALLS);
  }

  /**
   * What the models have cost, calls without an answer at the most they can have; absent: of some
   * of it no price is known.
   */
  public @Nullable Money cost() {
    long cost = budget.settled(Resource.COST);
    return cost == Amount.UNKNOWN ? null : new Money(cost);
  }

  public Usage usage() {
    return usage;
  }

  /**
   * What a step gave that is being undone.
   *
   * @throws IllegalArgumentException when it gave nothing that can be undone
   */
  public JsonNode undone(StepPath path) {
    JsonNode given = steps.get(path).confirmed;
    if (given == null) {
      throw new IllegalArgumentException("Step " + path + " has nothing to undo");
    }
    return given;
  }

  /** What the elements of an {@code each} have given that have succeeded so far. */
  public JsonNode givenSoFar(StepPath each) {
    return steps.get(each).joined();
  }

  /** The newest revision of a step of the outermost graph. */
  public StepInfo step(String id) {
    return StepInfo.of(known(steps.outermost(), id));
  }

  /** Whether the path is that of the newest revision of a step of the outermost graph. */
  public boolean isNewest(StepPath path) {
    StepRun step = steps.outermost().current(path.id());
    return step != null && step.path.equals(path);
  }

  /** The output of the newest revision of a step of the outermost graph; absent: none. */
  public @Nullable JsonNode output(String id) {
    return outputOf(known(steps.outermost(), id));
  }

  /** The blocks of content that say more than the output of a step; absent: there are none. */
  public @Nullable JsonNode contentBeside(StepPath path) {
    StepRun step = steps.find(path);
    return step == null || step.status() != StepStatus.SUCCEEDED ? null : step.content;
  }

  /** What ids mean to the outputs of the run. */
  public Names names() {
    return names(steps.outermost());
  }

  /** What ids mean to the step at the path. */
  public Names namesAt(StepPath path) {
    return names(steps.get(path).scope);
  }

  /** What ids mean to the outputs of the container at the path. */
  public Names namesInside(StepPath container) {
    return names(bodyOf(container));
  }

  private static Names names(Scope scope) {
    return new Names() {
      @Override
      public @Nullable JsonNode output(String id) {
        return outputOf(known(scope, id));
      }

      @Override
      public JsonNode content(String id) {
        return StepContent.of(known(scope, id));
      }

      @Override
      public StepInfo step(String id) {
        return StepInfo.of(known(scope, id));
      }
    };
  }

  /** The graph that the container at the path has opened. */
  public List<Plan.Node> nodesInside(StepPath container) {
    return bodyOf(container).graph.nodes();
  }

  /**
   * The plans that were written in this run and that some step runs, by the names of their graphs.
   */
  public Map<String, Event.PlanChecked> plans() {
    return Collections.unmodifiableMap(plans);
  }

  /**
   * The call for the plan that is at work, and all that was said before its end.
   *
   * @throws IllegalArgumentException when no plan of the agent is at work
   */
  public PlanWanted planWanted(StepPath agent) {
    StepRun step = steps.get(agent);
    if (step.subplan == null) {
      throw new IllegalArgumentException("No plan of " + agent + " is at work");
    }
    return new PlanWanted(step.subplan.wanted(), step.conversation().transcript());
  }

  /** A call of an agent for a plan, and the conversation around it. */
  public record PlanWanted(ModelReply.WantedCall call, List<Turn> transcript) {
    public PlanWanted {
      transcript = List.copyOf(transcript);
    }
  }

  /** The inputs that the step at the path sees: of the workflow around it, or of the run. */
  public JsonNode inputsAt(StepPath path) {
    return inputs(steps.get(path).scope);
  }

  /** The inputs that the outputs of the container at the path see. */
  public JsonNode inputsInside(StepPath container) {
    return inputs(bodyOf(container));
  }

  private JsonNode inputs(Scope scope) {
    for (Scope at = scope; at != null; at = at.around()) {
      StepRun container = at.containing();
      if (container != null
          && container.prepared instanceof Prepared.Body body
          && body.inputs() != null) {
        return body.inputs();
      }
    }
    return inputs;
  }

  private Scope bodyOf(StepPath container) {
    Scope body = steps.get(container).body;
    if (body == null) {
      throw new IllegalArgumentException("Step " + container + " has no graph inside");
    }
    return body;
  }

  private static StepRun known(Scope scope, String id) {
    StepRun step = scope.find(id);
    if (step == null) {
      throw new IllegalArgumentException("The plan has no step " + id);
    }
    return step;
  }

  private static @Nullable JsonNode outputOf(StepRun step) {
    return step.status() == StepStatus.SUCCEEDED ? step.output : null;
  }

  /** Any step, element or earlier revision; absent: there is none. */
  public @Nullable StepInfo step(StepPath path) {
    StepRun step = steps.find(path);
    return step == null ? null : StepInfo.of(step);
  }

  /** Every step, element and earlier revision in the order of their appearance. */
  public List<StepInfo> all() {
    return steps.all().stream().map(StepInfo::of).toList();
  }

  /**
   * Why a step runs again, or the {@code each} or container it stands in; absent: first time. What
   * the container gave last time is not the step's own.
   */
  public @Nullable Feedback feedback(StepPath path) {
    StepRun step = steps.find(path);
    boolean inherited = false;
    while (step != null) {
      Feedback feedback = step.parent == null ? step.feedback : step.parent.feedback;
      if (feedback != null) {
        return inherited ? new Feedback(feedback.judge(), feedback.verdict(), null) : feedback;
      }
      step = step.scope.containing();
      inherited = true;
    }
    return null;
  }

  /** The questions that wait for a person, by step. */
  public Map<StepPath, Prepared.Question> questions() {
    Map<StepPath, Prepared.Question> open = new LinkedHashMap<>();
    for (StepRun step : steps.all()) {
      if (step.phase == Phase.ASKING && step.prepared instanceof Prepared.Question question) {
        open.put(step.path, question);
      }
    }
    return Collections.unmodifiableMap(open);
  }

  /** The failures that wait for a person, by step. */
  public Map<StepPath, StepError> failuresAsked() {
    Map<StepPath, StepError> open = new LinkedHashMap<>();
    for (StepRun step : steps.all()) {
      if (step.phase == Phase.REFERRED && step.error != null) {
        open.put(step.path, step.error);
      }
    }
    return Collections.unmodifiableMap(open);
  }

  /** The calls in doubt, each with the step and the reason. */
  public List<Event.StepInDoubt> doubts() {
    return steps.all().stream()
        .flatMap(
            step ->
                step.calls.values().stream()
                    .filter(call -> call.inDoubt)
                    .map(
                        call ->
                            new Event.StepInDoubt(
                                step.path, call.event.call(), String.valueOf(call.lost))))
        .toList();
  }

  /** What servers want of people, in the order of the steps. */
  public List<Wanted> wanted() {
    List<Wanted> wanted = new ArrayList<>();
    for (StepRun step : steps.all()) {
      for (OpenCall call : step.calls.values()) {
        if (call.asked != null && call.event instanceof Event.ToolCalled called) {
          wanted.add(new Wanted(call.asked, called, call.postponed));
        }
      }
    }
    return List.copyOf(wanted);
  }

  /**
   * What a server wants of a person.
   *
   * @param call that it was asked in
   * @param givenUp whether that call was given up, so that an answer has it made again
   */
  public record Wanted(Event.ElicitationAsked asked, Event.ToolCalled call, boolean givenUp) {}

  /** The tool call behind an id that has no answer yet; absent: there is none. */
  public Event.@Nullable ToolCalled openToolCall(StepPath path, String call) {
    StepRun step = steps.find(path);
    OpenCall open = step == null ? null : step.calls.get(call);
    return open != null && open.event instanceof Event.ToolCalled called ? called : null;
  }

  /** The command that a call without an answer was made by; null: there is no such call. */
  public @Nullable Command command(StepPath path, String call) {
    StepRun step = steps.find(path);
    OpenCall open = step == null ? null : step.calls.get(call);
    return step == null || open == null ? null : CallDecider.order(step, open);
  }

  /** Whether a call is without an answer. */
  public boolean awaits(StepPath path, String call) {
    StepRun step = steps.find(path);
    return step != null && step.calls.containsKey(call);
  }

  /** What the calls of a step are paid from, the run's own budget last. */
  List<Budget> budgets(StepRun step) {
    List<Budget> all = new ArrayList<>(step.scope.budgets(step));
    Budget ofAgent = agent(step);
    if (ofAgent != null && !all.contains(ofAgent)) {
      all.add(ofAgent);
    }
    all.add(budget);
    return all;
  }

  /** What the agent that the step runs may use up; null: none, or as much as it likes. */
  private @Nullable Budget agent(StepRun step) {
    return step.prepared instanceof Prepared.Conversation conversation
        ? agentBudgets.get(conversation.agent())
        : null;
  }

  /** Uses an amount up that a step's call has taken. */
  void charge(StepRun step, Amount amount) {
    budgets(step).forEach(each -> charge(each, amount));
  }

  private void charge(Budget payer, Amount amount) {
    for (Resource resource : payer.charge(amount)) {
      near.add(new Event.LimitNear(resource.key(), payer.used(resource)));
    }
  }

  /** Whether the step, or the agent that it runs, has limits of its own, which these are. */
  boolean isOwner(StepRun step, Budget limited) {
    return own(step).contains(limited);
  }

  private List<Budget> own(StepRun step) {
    if (step.fansOut()) {
      return List.of();
    }
    List<Budget> own = new ArrayList<>(2);
    if (!step.node.limits().isNone()) {
      own.add(step.scope.budgets(step).getFirst());
    }
    Budget ofAgent = agent(step);
    if (ofAgent != null) {
      own.add(ofAgent);
    }
    return own;
  }

  /** What the step, or its agent, fails with because its time is used up; null: it is not. */
  @Nullable StepError outOfTime(StepRun step) {
    for (Budget each : own(step)) {
      String usedUp = each.timeUsedUp(clock.now());
      if (usedUp != null) {
        return StepError.of(ErrorKind.LIMIT, usedUp);
      }
    }
    return null;
  }

  /** Whether the time of something around the step is used up, so that it will be stopped. */
  boolean willBeStopped(StepRun step) {
    return budgets(step).stream().anyMatch(each -> each.timeUsedUp(clock.now()) != null);
  }

  /**
   * Whether anything is at work that may use its time up.
   *
   * @param look says of whom
   */
  public boolean isAtWork(Event.TimeMeasured look) {
    return clock.runs(look);
  }

  /** Promises an amount to a call that begins. */
  void reserve(StepRun step, Amount amount) {
    budgets(step).forEach(each -> each.reserve(amount));
  }

  /** Takes the promise to a call back, and has those looked at that wait for it. */
  void release(StepRun step, Amount amount) {
    for (Budget each : budgets(step)) {
      each.release(amount);
      each.waiting.forEach(steps::touch);
      each.waiting.clear();
    }
  }

  /** Other bounds from now on. */
  void allow(Limits other) {
    limits = other;
    budget.allow(other.budget(), clock.now());
  }

  /** Whether anything may still be started. */
  boolean mayStart() {
    return (!cancelling || steps.undoes()) && limitReached == null && status == RunStatus.RUNNING;
  }

  /** Whether a cancellation ends the step: not what takes back what the run has done. */
  boolean cancels(StepRun step) {
    return cancelling && !step.scope.undoes();
  }

  Collection<StepRun> openSteps() {
    return steps.all().stream().filter(step -> !step.ended()).toList();
  }
}
