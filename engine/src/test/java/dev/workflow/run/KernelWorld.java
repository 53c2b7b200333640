package dev.workflow.run;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Money;
import dev.workflow.definition.Resource;
import dev.workflow.run.Event.Reaction;
import dev.workflow.run.Event.Resolution;
import dev.workflow.run.Event.WayOut;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Plan.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A scripted rim without threads: it answers the kernel's commands in an order and in ways that a
 * seed draws, crashes when it likes, and keeps the journal. One seed, one journal.
 */
final class KernelWorld {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final int PATIENCE = 20_000;

  final List<Recorded> journal = new ArrayList<>();
  final List<String> violations = new ArrayList<>();

  /** The elements of which it was asked whether they are enough. */
  private final Set<String> weighed = new HashSet<>();

  private final Random random;
  private final Faults faults;
  private final List<Command> pending = new ArrayList<>();
  private RunState state;
  private Decider decider;
  private Instant now = Instant.EPOCH;

  /**
   * What may go wrong, each as a chance from 0 to 1.
   *
   * @param crash of the process after an answer
   * @param cancel of the whole run after an answer
   * @param asks that a server asks for a person before it answers, and that nobody is there
   */
  record Faults(
      double failure, double lost, double skip, double crash, double cancel, double asks) {}

  KernelWorld(Plan plan, Limits limits, long seed, Faults faults) {
    this.random = new Random(seed);
    this.faults = faults;
    Event start = new Event.RunStarted("r", "law", plan, NOTHING, NOTHING, limits, true);
    Recorded first = new Recorded(1, now, 1, start);
    journal.add(first);
    this.state = RunState.begin(first);
    this.decider = new Decider(state);
  }

  RunState state() {
    return state;
  }

  /** Runs to the end, a person and a decider standing by; gives the final state. */
  RunState run() {
    for (int step = 0; step < PATIENCE; step++) {
      settle();
      if (state.status().ended()) {
        watchUndone();
        return state;
      }
      if (state.status() == RunStatus.STOPPED) {
        return state;
      }
      if (pending.isEmpty()) {
        violations.add("stuck with " + open());
        return state;
      }
      answer(pending.remove(random.nextInt(pending.size())));
      if (draw(faults.crash)) {
        crash();
      }
      if (draw(faults.cancel) && !state.cancelling && !state.steps.allEnded()) {
        record(new Event.CancelRequested("law", random.nextBoolean()));
      }
    }
    violations.add("the run does not end");
    return state;
  }

  /** Takes the journal as it stands for the work of a process that is gone, and goes on. */
  KernelWorld goOn() {
    return goOn(state.limits());
  }

  KernelWorld goOn(Limits limits) {
    takeUp(limits);
    if (!state.status().ended()) {
      run();
    }
    return this;
  }

  /** As a new process that does nothing yet. */
  void takeUp(Limits limits) {
    state = fold(journal.size());
    decider = new Decider(state);
    pending.clear();
    if (!state.status().ended()) {
      record(new Event.RunResumed(limits));
    }
  }

  /** Begins from the first events of another journal. */
  void copy(List<Recorded> events) {
    journal.clear();
    journal.addAll(events);
    now = events.getLast().time();
  }

  /** Takes an event from outside. */
  void hear(Event event) {
    record(event);
  }

  /** Forgets all but the journal and goes on from there. */
  void crash() {
    RunState folded = fold(journal.size());
    if (!folded.all().equals(state.all())) {
      violations.add("the fold of the journal differs from the state it was written by");
    }
    state = folded;
    decider = new Decider(state);
    pending.clear();
    if (!state.status().ended()) {
      record(new Event.RunResumed(state.limits()));
    }
  }

  private List<String> open() {
    return state.openSteps().stream().map(step -> step.path + " " + step.phase).toList();
  }

  RunState fold(int events) {
    RunState folded = RunState.begin(journal.get(0));
    journal.subList(1, events).forEach(folded::apply);
    return folded;
  }

  private void settle() {
    Decision decision = decider.decide();
    while (!decision.isEmpty()) {
      decision.events().forEach(this::watchTime);
      decision.events().forEach(this::watchTold);
      decision.events().forEach(this::record);
      decision.commands().forEach(this::take);
      decision = decider.decide();
    }
    if (!decider.decide().isEmpty()) {
      violations.add("asked twice, the kernel decides twice");
    }
  }

  /** A call with effects that was given up is made again by a person, never by the kernel. */
  private void watchTold(Event decided) {
    if (decided instanceof Event.ElicitationAnswered told) {
      OpenCall call = state.steps.get(told.step()).calls.get(told.call());
      if (call != null && call.postponed && !call.repeatable()) {
        violations.add(told + " has a call made again that nobody decided on");
      }
    }
  }

  /** As of the decision: what is recorded takes time, too. */
  private void watchTime(Event decided) {
    boolean calls =
        decided instanceof Event.ModelCalled
            || (decided instanceof Event.ToolCalled call && call.verifies() == null);
    if (calls
        && decided instanceof Event.OfStep step
        && state.willBeStopped(state.steps.get(step.step()))) {
      violations.add(decided + " starts though its time is used up");
    }
  }

  /** As the driver does: what needs nothing from outside is answered at once. */
  private void take(Command command) {
    boolean outside =
        command instanceof Command.CallTool
            || command instanceof Command.CallModel
            || command instanceof Command.Sample
            || command instanceof Command.TellReply
            || command instanceof Command.AskPerson
            || command instanceof Command.AskForServer
            || command instanceof Command.TellServer
            || command instanceof Command.AskAboutDoubt
            || command instanceof Command.AskAboutFailure
            || command instanceof Command.SetTimer
            || command instanceof Command.MeasureTime
            || command instanceof Command.CancelCall;
    if (outside) {
      pending.add(command);
    } else {
      answer(command);
    }
  }

  private void record(Event event) {
    now = now.plusMillis(random.nextInt(50));
    Recorded recorded = new Recorded(journal.size() + 1, now, 1, event);
    watch(event);
    journal.add(recorded);
    Duration worked = state.activeTime();
    boolean stands = event instanceof Event.RunResumed || onlyPeopleBringItForward();
    state.apply(recorded);
    if (stands && !state.activeTime().equals(worked)) {
      violations.add("time has passed until " + event + " though only people were waited for");
    }
    if (state.steps.slotsTaken() > state.limits().concurrency()) {
      violations.add("more slots are taken than limits.concurrency allows");
    }
    for (Budget budget : budgets()) {
      for (Resource resource : Resource.values()) {
        Long most = budget.most(resource);
        if (most != null && budget.settled(resource) + budget.reserved(resource) > most) {
          violations.add("after " + event + ": " + budget.used(resource));
        }
      }
    }
  }

  /** Whether nothing can move, as people hold every slot that is waited for. */
  private boolean onlyPeopleBringItForward() {
    int asking = 0;
    boolean waits = false;
    for (StepRun step : state.openSteps()) {
      if (step.phase.mover() == Phase.Mover.ENGINE && step.phase != Phase.READY) {
        return false;
      }
      waits |= step.phase == Phase.READY;
      asking += step.phase == Phase.CONSULTING ? 1 : 0;
    }
    return !waits || asking >= state.limits().concurrency();
  }

  /** Of the run, and of every step and agent that has a bound. */
  Set<Budget> budgets() {
    Set<Budget> all = new LinkedHashSet<>();
    state.steps.all().forEach(step -> all.addAll(state.budgets(step)));
    return all;
  }

  /** The laws that a single event can break. */
  private void watch(Event event) {
    boolean starts =
        event instanceof Event.StepStarted
            || event instanceof Event.ToolCalled
            || event instanceof Event.ModelCalled;
    boolean asks = event instanceof Event.ToolCalled called && called.verifies() != null;
    boolean undoes =
        event instanceof Event.OfStep inside && state.steps.get(inside.step()).scope.undoes();
    if (starts && !asks && !undoes && state.cancelling) {
      violations.add("after the cancellation " + event + " starts");
    }
    if (starts
        && !asks
        && event instanceof Event.OfStep inside
        && state.steps.get(inside.step()).isUnwanted()) {
      violations.add(event + " starts in what gives up, or has enough");
    }
    if (event instanceof Event.StepPrepared e && state.steps.get(e.step()).isUnwanted()) {
      violations.add(event + " goes on though there is enough, or something around gives up");
    }
    if (event instanceof Event.VerdictGiven e) {
      StepRun each = state.steps.get(e.step());
      if (each.phase == Phase.FANNED_OUT && !weighed.add(succeeded(each))) {
        violations.add(e.step() + " is asked twice whether " + succeeded(each) + " are enough");
      }
    }
    if (event instanceof Event.SubplanStarted started) {
      if (!state.steps.get(started.step()).calls.isEmpty()) {
        violations.add("a plan of " + started.step() + " begins beside a call");
      }
      if (state.cancelling && !undoes) {
        violations.add("after the cancellation " + event + " starts");
      }
    }
    if (event instanceof Event.SubplanEnded ended) {
      Scope plan = state.steps.get(ended.step()).delegated();
      if (plan == null || plan.open > 0) {
        violations.add(ended.step() + " goes on before its plan has ended");
      }
    }
    if (event instanceof Event.StepSucceeded succeeded) {
      StepRun step = state.steps.get(succeeded.step());
      if ((step.body != null && step.body.open > 0) || (step.fansOut() && isAtWork(step))) {
        violations.add(succeeded.step() + " succeeds before the steps inside have ended");
      }
      if (step.fansOut()
          && !step.hasEnough
          && step.elements.stream().anyMatch(it -> it.status() == StepStatus.CANCELLED)) {
        violations.add(succeeded.step() + " succeeds without an element, and has not enough");
      }
    }
    if (event instanceof Event.StepPrepared prepared && prepared.step().last().key() == null) {
      for (Plan.Edge edge : state.steps.get(prepared.step()).node.edges()) {
        if (!state.steps.get(prepared.step()).scope.current[edge.source()].ended()) {
          violations.add(prepared.step() + " is prepared before one of its sources has ended");
        }
      }
    }
    if (starts && event instanceof Event.OfStep step && state.steps.get(step.step()).ended()) {
      violations.add(step.step() + " starts again after its end");
    }
  }

  private static boolean isAtWork(StepRun each) {
    return each.elements.stream().anyMatch(element -> !element.ended())
        || (!each.hasEnough && each.elements.size() < each.items().size());
  }

  private static String succeeded(StepRun each) {
    return each.path
        + " "
        + each.elements.stream()
            .filter(element -> element.ended() && element.outcome == StepStatus.SUCCEEDED)
            .map(element -> element.path.toString())
            .toList();
  }

  /** What was undone, in its order: the reverse of that in which it was confirmed. */
  List<StepPath> watchUndone() {
    List<StepPath> undone = new ArrayList<>();
    for (Recorded recorded : journal) {
      if (recorded.event() instanceof Event.UndoStarted e) {
        undone.add(e.step());
      }
    }
    boolean mustUndo =
        state.status() == RunStatus.FAILED
            || (state.status() == RunStatus.CANCELLED && state.undoesWhenCancelled);
    List<StepPath> wanted = mustUndo ? confirmed() : List.of();
    if (state.status().ended() && !undone.equals(wanted)) {
      violations.add("undone was " + undone + ", confirmed in reverse " + wanted);
    }
    return undone;
  }

  /** What gave something by itself that can be undone, the newest first. */
  private List<StepPath> confirmed() {
    List<StepPath> confirmed = new ArrayList<>();
    RunState folded = RunState.begin(journal.get(0));
    for (Recorded recorded : journal.subList(1, journal.size())) {
      folded.apply(recorded);
      if (recorded.event() instanceof Event.PlanChanged e && e.reason() == Event.Reason.FORKED) {
        confirmed.clear(); // What was done before is the other run's.
      }
      if (recorded.event() instanceof Event.StepSucceeded e
          && folded.steps.get(e.step()).confirmed != null
          && !confirmed.contains(e.step())) {
        confirmed.addFirst(e.step());
      }
    }
    return confirmed;
  }

  private boolean draw(double chance) {
    return random.nextDouble() < chance;
  }

  private void answer(Command command) {
    switch (command) {
      case Command.Prepare c -> record(new Event.StepPrepared(c.step(), prepared(c.step())));
      case Command.CallTool c -> callTool(c);
      case Command.CallModel c -> callModel(c);
      case Command.Sample c -> sample(c);
      case Command.TellReply c -> isUnderWay(c, c.step(), c.call());
      case Command.BoundTurn c ->
          record(
              new Event.TurnBounded(
                  c.step(),
                  "p/m",
                  random.nextInt(100),
                  draw(0.02) ? null : new Money(random.nextInt(100))));
      case Command.PrepareProbe c ->
          record(
              draw(faults.failure)
                  ? new Event.StepInDoubt(c.step(), c.call(), c.reason())
                  : new Event.ProbePrepared(
                      c.step(),
                      c.call(),
                      new Prepared.Call(
                          "s", "probe", NOTHING, "hash", "digest", Effect.READ, "p")));
      case Command.VerifyCall c ->
          record(
              draw(faults.failure)
                  ? new Event.StepInDoubt(c.step(), c.call(), c.reason())
                  : new Event.CallVerified(c.step(), c.call(), draw(0.5), NOTHING));
      case Command.AskPerson c -> askPerson(c);
      case Command.AskForServer c -> askForServer(c);
      case Command.TellServer c -> isUnderWay(c, c.step(), c.call());
      case Command.AskAboutDoubt c ->
          recordIfAwaited(
              new Event.DoubtResolved(
                  c.step(),
                  c.call(),
                  List.of(Resolution.values()).get(random.nextInt(3)),
                  NOTHING));
      case Command.AskAboutFailure c ->
          record(
              new Event.FailureAnswered(
                  c.step(),
                  List.of(WayOut.values()).get(random.nextInt(4)),
                  draw(0.5) ? NOTHING : null,
                  "law"));
      case Command.SetTimer c -> record(new Event.TimerFired(c.step(), c.attempt()));
      case Command.MeasureTime c -> measure(c);
      case Command.DrawBackoff c ->
          record(new Event.RetryScheduled(c.step(), c.attempt(), now.plusSeconds(1)));
      case Command.Judge c -> record(new Event.VerdictGiven(c.step(), draw(0.5)));
      case Command.Conclude c -> record(concluded(c.step()));
      case Command.Recover c -> record(new Event.StepSucceeded(c.step(), NOTHING));
      case Command.Replan c -> record(RandomOtherWay.after(c, state, random));
      case Command.Revise c -> record(RandomOtherWay.planned(c, state, random));
      case Command.CancelCall c -> cancelCall(c);
      case Command.Finish c -> record(new Event.RunFinished(c.status(), Map.of(), List.of()));
      case Command.Pause c -> record(new Event.RunPaused(c.status(), c.reason(), Map.of()));
    }
  }

  /** Mostly in time, now and then too early. */
  private void measure(Command.MeasureTime order) {
    if (state.isAtWork(order.look())) {
      now = draw(0.8) && order.due().isAfter(now) ? order.due() : now;
      record(order.look());
    }
  }

  private Event concluded(StepPath container) {
    return draw(faults.failure)
        ? new Event.AttemptFailed(
            container,
            state.steps.get(container).attempt,
            StepError.of(ErrorKind.INVALID_OUTPUT, "law"))
        : new Event.StepSucceeded(container, NOTHING);
  }

  private Prepared prepared(StepPath path) {
    StepRun step = state.steps.get(path);
    if (path.last().plans()) {
      return written(path);
    }
    if (draw(faults.skip)) {
      return new Prepared.Skip("law");
    }
    if (step.fansOut()) {
      List<Prepared.Item> items = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        items.add(new Prepared.Item(Integer.toString(items.size()), NOTHING));
      }
      return new Prepared.Items(items, false);
    }
    return switch (step.node.kind()) {
      case AGENT -> new Prepared.Conversation("a", "prompt", 2, null);
      case TOOL -> new Prepared.Call("s", "t", NOTHING, "hash", "digest", effect(), "key");
      case ASK -> new Prepared.Question("?", null);
      case SET -> new Prepared.Value(NOTHING);
      case WAIT -> new Prepared.Until(now.plusSeconds(5));
      case FAIL -> new Prepared.Failure("on purpose");
      case GROUP, WORKFLOW -> new Prepared.Body(null, null);
    };
  }

  /** The plan of an agent is one that nobody knew of before, and now and then it does not do. */
  private Prepared written(StepPath path) {
    if (draw(faults.failure)) {
      return new Prepared.Invalid(
          StepError.of(draw(0.8) ? ErrorKind.INVALID_ARGUMENTS : ErrorKind.FORBIDDEN, "law"));
    }
    String name = "plan" + state.lastSeq();
    record(new Event.PlanChecked(path, name, "", Plans.written(random).inside(name), NOTHING));
    return new Prepared.Body(NOTHING, name);
  }

  private Effect effect() {
    return List.of(Effect.values()).get(random.nextInt(4));
  }

  private void callTool(Command.CallTool c) {
    if (!c.verifies() && asksFirst(c)) {
      pending.add(c);
      return;
    }
    if (draw(faults.failure)) {
      ErrorKind kind = draw(0.5) ? ErrorKind.TOOL_ERROR : ErrorKind.UNAVAILABLE;
      recordIfAwaited(
          new Event.ToolFailed(c.step(), c.call(), StepError.of(kind, "law"), draw(faults.lost)));
      return;
    }
    Event.ToolReturned returned = new Event.ToolReturned(c.step(), c.call(), NOTHING, List.of());
    recordIfAwaited(returned);
    if (draw(0.1)) {
      record(returned);
    }
  }

  /** Servers ask a few times, and now and then the same again. */
  private boolean asksFirst(Command.CallTool c) {
    OpenCall open = state.steps.get(c.step()).calls.get(c.call());
    boolean waits = open != null && (open.asked != null || open.sampling != null);
    boolean may = open != null && open.heard.size() < 3 && open.sampled.size() < 3;
    if (open == null || !may || !draw(faults.asks)) {
      return waits && draw(0.8);
    }
    if (open.sampling == null && random.nextBoolean()) {
      record(wish(c, open.sampled.size() + 1));
      return true;
    }
    if (open.asked != null) {
      return draw(0.8);
    }
    String message = random.nextBoolean() ? "who?" : "where?";
    record(new Event.ElicitationAsked(c.step(), c.call(), open.heard.size() + 1, message, NOTHING));
    return true;
  }

  /** Somebody answers, or nobody is there; who is asked for a call that was given up is. */
  private void askForServer(Command.AskForServer c) {
    OpenCall open = state.steps.get(c.step()).calls.get(c.call());
    if (open == null) {
      return;
    }
    if (open.consults() && draw(faults.asks)) {
      record(new Event.ElicitationPostponed(c.step(), c.call()));
      pending.removeIf(
          other -> other instanceof Command.CallTool call && call.call().equals(c.call()));
      return;
    }
    Reaction reaction = List.of(Reaction.values()).get(random.nextInt(3));
    record(new Event.ElicitationAnswered(c.step(), c.call(), c.number(), reaction, NOTHING, "law"));
  }

  private void isUnderWay(Command c, StepPath step, String call) {
    boolean underWay =
        pending.stream()
            .anyMatch(other -> other instanceof Command.CallTool it && it.call().equals(call));
    OpenCall open = state.steps.get(step).calls.get(call);
    if (!underWay && open != null && open.isAwaited()) {
      violations.add(c + " tells a server whose call is not under way");
    }
  }

  private void callModel(Command.CallModel c) {
    if (draw(faults.failure)) {
      recordIfAwaited(
          new Event.ModelFailed(
              c.step(), c.call(), StepError.of(ErrorKind.RATE_LIMITED, "law"), draw(0.3)));
      return;
    }
    List<WantedCall> wanted = new ArrayList<>();
    for (int i = draw(0.4) ? random.nextInt(3) : 0; i > 0; i--) {
      String hash = Integer.toString(random.nextInt(3));
      if (draw(0.25) && c.step().segments().stream().noneMatch(StepPath.Segment::plans)) {
        wanted.add(
            new WantedCall(
                "id" + i, "p", "", "plan_execute", NOTHING, hash, "", Effect.READ, null, null));
        continue;
      }
      wanted.add(new WantedCall("id" + i, "t", "s", "t", NOTHING, hash, "d", effect(), null, null));
    }
    List<String> broken = draw(faults.failure) ? List.of("law") : List.of();
    recordIfAwaited(
        new Event.ModelReplied(
            c.step(),
            c.call(),
            new ModelReply(
                "p/m",
                "text",
                null,
                wanted,
                NOTHING,
                broken,
                new ModelReply.Usage(upTo(reserved(c).tokens()), 0, 0, 0, 0),
                cost(c))));
  }

  /** A server wants one of two models asked, and now and then the same again. */
  private Event wish(Command.CallTool c, int number) {
    List<Event.SampledModel> models = new ArrayList<>();
    for (int i = random.nextInt(2); i >= 0; i--) {
      Money most = draw(0.02) ? null : new Money(random.nextInt(100));
      models.add(new Event.SampledModel("p/m" + i, random.nextInt(100), most));
    }
    JsonNode request = JsonNodeFactory.instance.objectNode().put("max_tokens", random.nextInt(2));
    return new Event.SamplingAsked(c.step(), c.call(), number, "m", request, models);
  }

  private void sample(Command.Sample c) {
    if (draw(faults.failure)) {
      recordIfAwaited(
          new Event.ModelFailed(
              c.step(), c.call(), StepError.of(ErrorKind.RATE_LIMITED, "law"), draw(0.3)));
      return;
    }
    Amount most = reserved(c.step(), c.call());
    recordIfAwaited(
        new Event.ModelReplied(
            c.step(),
            c.call(),
            new ModelReply(
                "p/m",
                "text",
                null,
                List.of(),
                NOTHING,
                List.of(),
                new ModelReply.Usage(upTo(most.tokens()), 0, 0, 0, 0),
                most.cost() == Amount.UNKNOWN ? null : new Money(upTo(most.cost())))));
  }

  private Amount reserved(Command.CallModel c) {
    return reserved(c.step(), c.call());
  }

  private Amount reserved(StepPath step, String call) {
    OpenCall open = state.steps.get(step).calls.get(call);
    return open == null ? Amount.NONE : open.reserved;
  }

  private @Nullable Money cost(Command.CallModel c) {
    long most = reserved(c).cost();
    return most == Amount.UNKNOWN ? null : new Money(upTo(most));
  }

  /** Now and then all of it. */
  private long upTo(long most) {
    return draw(0.3) ? most : random.nextLong(most + 1);
  }

  private void askPerson(Command.AskPerson c) {
    JsonNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("decision", draw(faults.failure) ? "reject" : "approve");
    record(new Event.QuestionAnswered(c.step(), answer, "law"));
  }

  private void cancelCall(Command.CancelCall c) {
    if (!state.awaits(c.step(), c.call())) {
      return;
    }
    pending.removeIf(
        other ->
            (other instanceof Command.CallTool tool && tool.call().equals(c.call()))
                || (other instanceof Command.CallModel model && model.call().equals(c.call()))
                || (other instanceof Command.Sample model && model.call().equals(c.call())));
    StepError error = StepError.of(ErrorKind.CANCELLED, "law");
    record(
        state.openToolCall(c.step(), c.call()) == null
            ? new Event.ModelFailed(c.step(), c.call(), error, true)
            : new Event.ToolFailed(c.step(), c.call(), error, true));
  }

  private void recordIfAwaited(Event.OfCall answer) {
    if (state.awaits(answer.step(), answer.call())) {
      record(answer);
    }
  }

  /** Whether a plan has a step of the kind, however deep inside. */
  static boolean has(Plan plan, Kind kind) {
    return Stream.concat(Stream.of(plan.nodes()), plan.bodies().values().stream())
        .flatMap(List::stream)
        .anyMatch(node -> node.kind() == kind);
  }
}
