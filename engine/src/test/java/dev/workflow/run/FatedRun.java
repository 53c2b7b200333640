package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Resource;
import dev.workflow.run.Fate.Found;
import dev.workflow.run.Fate.Reply;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Plan.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The kernel in a world where a {@link Fate} says what happens, and chance only when: answers come
 * in any order, some twice; the process crashes and loses the end of its journal; the run pauses,
 * runs into its limits, is cancelled; times are up. One seed is one journal.
 */
public final class FatedRun {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final int PATIENCE = 50_000;
  private static final int MANY = 1_000;

  private final Plan plan;
  private final Fate fate;
  private final Random chance;
  private final Troubles troubles;
  private final List<Recorded> journal = new ArrayList<>();
  private final List<Command> pending = new ArrayList<>();

  /** What nothing answers by itself. */
  private final List<Command> silent = new ArrayList<>();

  /** Timers that end what does not end by itself. */
  private final List<Command.SetTimer> deadlines = new ArrayList<>();

  private final List<Interruption> interruptions = new ArrayList<>();
  private Ledger ledger = new Ledger();
  private RunState state;
  private Decider decider;
  private Instant now = Instant.EPOCH;
  private int crashes;

  /**
   * What may befall a run, each as a chance from 0 to 1.
   *
   * @param crashes how many there are at most
   */
  private record Troubles(
      int crashes,
      double crash,
      double cancel,
      double pause,
      double timeLimit,
      double hurry,
      double twice,
      double asks) {}

  /**
   * Something ended before its time.
   *
   * @param seq of the event
   * @param container whose time was up; absent: the run was cancelled
   * @param known paths that there were
   * @param open those of them that had not ended
   */
  private record Interruption(
      long seq, @Nullable StepPath container, Set<String> known, Set<String> open) {
    boolean concerns(String path) {
      return container == null || path.startsWith(container + "/");
    }
  }

  /** What the journal tells of answers, so that it is the same after a crash. */
  private static final class Ledger {
    final Map<String, Event.OfCall> calls = new HashMap<>();
    final Map<String, Integer> answers = new HashMap<>();
    final Map<StepPath, Integer> failuresAsked = new HashMap<>();

    /** Calls that were lost because fate says so. */
    final Set<String> lost = new HashSet<>();

    int cancellations;
    boolean undoes;
    boolean undoesWhenCancelled;

    /** What an answer is one of. */
    String series(String call) {
      return switch (Objects.requireNonNull(calls.get(call), call)) {
        case Event.ToolCalled e ->
            e.step() + "#" + e.attempt() + "." + turn(e.arguments()) + "." + number(e.arguments());
        case Event.ModelCalled e -> e.step() + "#" + e.attempt();
        case Event.OfCall other -> throw new IllegalStateException(other + " is no call");
      };
    }

    int next(String call) {
      return answers.getOrDefault(series(call), 0) + 1;
    }

    void take(Event event, boolean awaited) {
      switch (event) {
        case Event.ToolCalled e -> calls.put(e.call(), e);
        case Event.ModelCalled e when e.samples() != null -> {}
        case Event.ModelCalled e -> calls.put(e.call(), e);
        case Event.ToolReturned e when awaited && !asks(e.call()) -> count(e.call());
        case Event.ModelReplied e when awaited && calls.containsKey(e.call()) -> count(e.call());
        case Event.ToolFailed e when awaited && fated(e.error()) && !asks(e.call()) -> {
          if (!e.possiblyExecuted() || lost.add(e.call())) {
            count(e.call());
          }
        }
        case Event.ModelFailed e when awaited && fated(e.error()) && calls.containsKey(e.call()) ->
            count(e.call());
        case Event.FailureAsked e -> failuresAsked.merge(e.step(), 1, Integer::sum);
        case Event.UndoStarted e -> undoes = true;
        case Event.CancelRequested e when !undoes -> {
          cancellations++;
          undoesWhenCancelled |= e.undo();
        }
        default -> {}
      }
    }

    private void count(String call) {
      answers.merge(series(call), 1, Integer::sum);
    }

    private boolean asks(String call) {
      return calls.get(call) instanceof Event.ToolCalled called && called.verifies() != null;
    }

    private static boolean fated(StepError error) {
      return error.kind() != ErrorKind.CANCELLED;
    }
  }

  private FatedRun(long seed) {
    this.fate = new Fate(seed);
    this.chance = new Random(seed);
    boolean counted = chance.nextInt(4) == 0;
    this.plan = Plans.eventful(seed, chance, counted);
    this.troubles =
        new Troubles(
            counted ? 0 : chance.nextInt(4),
            chance.nextInt(3) * 0.02,
            chance.nextInt(5) == 0 ? 0.03 : 0,
            chance.nextInt(3) * 0.1,
            counted ? 0 : chance.nextInt(3) * 0.01,
            chance.nextInt(3) * 0.1,
            0.03,
            counted ? 0 : chance.nextInt(3) * 0.15);
    int slots = fate.hasSilence() ? MANY : 1 + chance.nextInt(4);
    Event start = new Event.RunStarted("r", "fate", plan, NOTHING, NOTHING, limits(slots), true);
    Recorded first = new Recorded(1, now, 1, start);
    journal.add(first);
    this.state = RunState.begin(first);
    this.decider = new Decider(state);
  }

  /** A run whose calls are used up waits for those under way, which may be silent. */
  private Limits limits(int slots) {
    boolean bounded = !fate.hasSilence() && chance.nextInt(3) == 0;
    Integer calls = bounded ? 1 + chance.nextInt(20) : null;
    Allowance budget = new Allowance(null, null, calls, calls, null, null);
    return new Limits(slots, Duration.ofHours(1), 2, 2, budget);
  }

  /** The journal of the run of a seed. */
  public static List<Recorded> journal(long seed) {
    return List.copyOf(of(seed).journal);
  }

  /**
   * The run of a seed, at its end.
   *
   * @throws IllegalStateException when it comes to none
   */
  static FatedRun of(long seed) {
    FatedRun run = new FatedRun(seed);
    run.run();
    return run;
  }

  /** The events of the journal in order. */
  List<Event> events() {
    return journal.stream().map(Recorded::event).toList();
  }

  /** How the run ended, and the outcome of every path. */
  Map<String, String> outcomes() {
    Map<String, String> outcomes = new TreeMap<>();
    outcomes.put("", state.status().word());
    outcomes.put("undone", undone().toString());
    state.all().forEach(step -> outcomes.put(step.path().toString(), text(step)));
    return outcomes;
  }

  private static String text(StepInfo step) {
    boolean calls = step.node().kind() == Kind.AGENT || step.node().kind() == Kind.TOOL;
    StepError error = step.error();
    return step.status().word()
        + (step.status() == StepStatus.FAILED && error != null ? " " + error.kind().word() : "")
        + (calls && step.attempts() > 0 && step.status() != StepStatus.CANCELLED
            ? ", attempt " + step.attempts()
            : "");
  }

  /**
   * What the reference says, but for what was interrupted: that is cancelled, or never comes to be.
   * What had ended by then agrees.
   */
  Map<String, String> expected() {
    Map<StepPath, Set<String>> cutShort = new HashMap<>();
    for (Interruption interruption : interruptions) {
      if (interruption.container != null) {
        Set<String> ended = new HashSet<>(interruption.known);
        ended.removeAll(interruption.open);
        cutShort.put(interruption.container, ended);
      }
    }
    Map<StepPath, OneByOne.Sufficed> sufficed = sufficed();
    OneByOne reference = OneByOne.run(plan, fate, cutShort, sufficed);
    Map<String, String> expected = reference.outcomes();
    for (OneByOne.Sufficed each : sufficed.values()) {
      expected
          .keySet()
          .removeIf(path -> isInside(path, each.open()) && !each.known().contains(path));
      each.open().forEach(path -> expected.put(path, StepStatus.CANCELLED.word()));
    }
    RunStatus status = reference.status();
    for (Interruption each : interruptions) {
      expected.keySet().removeIf(path -> each.concerns(path) && !each.known.contains(path));
      each.open.forEach(path -> expected.put(path, StepStatus.CANCELLED.word()));
      status = each.container == null ? RunStatus.CANCELLED : status;
    }
    expected.put("", status.word());
    undone().stream().filter(reference::canUndo).forEach(it -> expected.putAll(reference.undo(it)));
    boolean undoes =
        status == RunStatus.FAILED || (status == RunStatus.CANCELLED && ledger.undoesWhenCancelled);
    List<StepPath> toUndo = undoes ? given(reference) : List.of();
    expected.put("undone", toUndo.toString());
    return expected;
  }

  private static boolean isInside(String path, Set<String> containers) {
    return containers.stream().anyMatch(container -> path.startsWith(container + "/"));
  }

  /** Each that had enough, with what there was of it then. */
  private Map<StepPath, OneByOne.Sufficed> sufficed() {
    Map<StepPath, OneByOne.Sufficed> sufficed = new HashMap<>();
    RunState fold = RunState.begin(journal.getFirst());
    for (Recorded recorded : journal.subList(1, journal.size())) {
      if (recorded.event() instanceof Event.VerdictGiven e
          && !e.again()
          && fold.steps.get(e.step()).phase == Phase.FANNED_OUT) {
        StepRun each = fold.steps.get(e.step());
        Set<String> known = new HashSet<>();
        Set<String> open = new HashSet<>();
        fold.steps.all().stream()
            .filter(step -> isOf(each, step))
            .forEach(step -> (step.ended() ? known : open).add(step.path.toString()));
        known.addAll(open);
        sufficed.put(e.step(), new OneByOne.Sufficed(known, open));
      }
      fold.apply(recorded);
    }
    return sufficed;
  }

  /** Whether a step is an element of an each, or stands in one. */
  private static boolean isOf(StepRun each, StepRun step) {
    for (StepRun at = step; at != null; at = at.scope.containing()) {
      if (at.parent == each) {
        return true;
      }
    }
    return false;
  }

  /** What was undone, in its order. */
  List<StepPath> undone() {
    List<StepPath> undone = new ArrayList<>();
    for (Event event : events()) {
      if (event instanceof Event.UndoStarted e) {
        undone.add(e.step());
      }
    }
    return undone;
  }

  /** What has given something that can be undone, the last first. */
  private List<StepPath> given(OneByOne reference) {
    List<StepPath> given = new ArrayList<>();
    for (Event event : events()) {
      if (event instanceof Event.StepSucceeded e
          && reference.canUndo(e.step())
          && !given.contains(e.step())) {
        given.addFirst(e.step());
      }
    }
    return given;
  }

  private void run() {
    for (int i = 0; i < PATIENCE; i++) {
      if (!state.status().ended() && state.status() != RunStatus.RUNNING) {
        resume();
      }
      settle();
      if (state.status().ended()) {
        if (!happens(troubles.crash * 10) || !crash()) {
          return;
        }
      } else if (state.status() == RunStatus.RUNNING) {
        moveOn();
        interrupt();
      }
    }
    throw new IllegalStateException("The run does not end");
  }

  /** One answer; where none is to come, the time of something is up, or the run is cancelled. */
  private void moveOn() {
    if (!pending.isEmpty()) {
      answer(pending.remove(chance.nextInt(pending.size())));
    } else if (!deadlines.isEmpty()) {
      fire(innermost());
    } else if (!silent.isEmpty() && ledger.cancellations == 0) {
      record(new Event.CancelRequested("fate", fate.undoesWhenCancelled()));
    } else {
      throw new IllegalStateException("The run is stuck with " + open());
    }
  }

  private List<String> open() {
    return state.openSteps().stream().map(step -> step.path + " " + step.phase).toList();
  }

  /** What can end inside has ended before the time of what is around is up. */
  private Command.SetTimer innermost() {
    return deadlines.stream()
        .max(Comparator.comparingInt(timer -> timer.step().segments().size()))
        .orElseThrow();
  }

  private void fire(Command.SetTimer timer) {
    deadlines.remove(timer);
    record(new Event.TimerFired(timer.step(), timer.attempt()));
  }

  private boolean happens(double probability) {
    return chance.nextDouble() < probability;
  }

  private void interrupt() {
    if (happens(troubles.crash) && crash()) {
      return;
    }
    if (state.status() != RunStatus.RUNNING) {
      return;
    }
    if (happens(troubles.hurry)) {
      hurry();
    }
    if (happens(troubles.cancel) && ledger.cancellations == 0 && !ledger.undoes) {
      interrupted(null);
      record(new Event.CancelRequested("chance", chance.nextBoolean()));
    }
    if (happens(troubles.timeLimit) && state.limitReached() == null) {
      record(new Event.LimitReached("time", "chance"));
    }
    if (state.needsHelp() && happens(troubles.pause)) {
      RunStatus status = state.inDoubt() ? RunStatus.STOPPED : RunStatus.WAITING;
      record(new Event.RunPaused(status, "chance", Map.of()));
    }
    if (happens(troubles.twice)) {
      again(journal.get(chance.nextInt(journal.size())).event());
    }
  }

  /** The time of some container is up while steps are at work inside. */
  private void hurry() {
    for (Command.SetTimer timer : List.copyOf(deadlines)) {
      StepRun step = state.steps.get(timer.step());
      boolean works = step.phase == Phase.OPEN && step.attempt == timer.attempt();
      if (works && step.body != null && step.body.open > 0 && fate.isHurried(timer.step())) {
        interrupted(timer.step());
        fire(timer);
        return;
      }
    }
  }

  private void interrupted(@Nullable StepPath container) {
    Set<String> known = new HashSet<>();
    Set<String> open = new HashSet<>();
    Interruption all = new Interruption(journal.size() + 1, container, known, open);
    for (StepRun step : state.steps.all()) {
      String path = step.path.toString();
      if (all.concerns(path)) {
        known.add(path);
        if (!step.ended()) {
          open.add(path);
        }
      }
    }
    interruptions.add(all);
  }

  /** Answers that come twice change nothing. */
  private void again(Event event) {
    boolean answers =
        event instanceof Event.ToolReturned
            || event instanceof Event.ToolFailed
            || event instanceof Event.ModelReplied
            || event instanceof Event.ModelFailed
            || event instanceof Event.CallVerified
            || event instanceof Event.DoubtResolved
            || event instanceof Event.ElicitationAnswered
            || event instanceof Event.QuestionAnswered;
    if (answers) {
      record(event);
    }
  }

  /** The process ends; some of what it did last is on no disk. */
  private boolean crash() {
    if (crashes >= troubles.crashes) {
      return false;
    }
    int kept = chance.nextBoolean() ? journal.size() : 1 + chance.nextInt(journal.size());
    List<Recorded> cut = List.copyOf(journal.subList(0, kept));
    journal.clear();
    journal.add(cut.getFirst());
    state = RunState.begin(cut.getFirst());
    ledger = new Ledger();
    cut.subList(1, kept).forEach(this::apply);
    interruptions.removeIf(interruption -> interruption.seq > kept);
    crashes++;
    resume();
    return true;
  }

  private void resume() {
    decider = new Decider(state);
    pending.clear();
    silent.clear();
    deadlines.clear();
    if (!state.status().ended()) {
      Limits limits = state.limits();
      boolean more = state.limitReached() != null && !state.limitReached().equals("time");
      record(new Event.RunResumed(more ? without(limits) : limits));
    }
  }

  private static Limits without(Limits limits) {
    return new Limits(
        limits.concurrency(), limits.time(), limits.revisions(), limits.replans(), Allowance.NONE);
  }

  private void settle() {
    for (Decision decision = decider.decide(); !decision.isEmpty(); decision = decider.decide()) {
      decision.events().forEach(this::record);
      decision.commands().forEach(this::take);
    }
  }

  /** As the driver does: what needs nothing from outside is answered at once. */
  private void take(Command command) {
    switch (command) {
      case Command.CallTool c -> (isNeverAnswered(c) ? silent : pending).add(c);
      case Command.CallModel c -> (reply(c) == Reply.NEVER ? silent : pending).add(c);
      case Command.AskPerson c -> (fate.isSilent(c.step()) ? silent : pending).add(c);
      case Command.SetTimer c -> setTimer(c);
      case Command.MeasureTime c -> throw new IllegalStateException("No time is bounded: " + c);
      case Command.AskForServer c -> pending.add(c);
      case Command.TellServer c -> {}
      case Command.Sample c -> pending.add(c);
      case Command.TellReply c -> {}
      case Command.AskAboutDoubt c -> pending.add(c);
      case Command.AskAboutFailure c -> pending.add(c);
      case Command.CancelCall c -> pending.add(c);
      case Command.Prepare c -> prepare(c.step());
      case Command.PrepareProbe c -> prepareProbe(c);
      case Command.VerifyCall c -> verify(c);
      case Command.DrawBackoff c ->
          record(new Event.RetryScheduled(c.step(), c.attempt(), now.plusSeconds(1)));
      case Command.Judge c when c.condition() == Command.Condition.ENOUGH ->
          record(new Event.VerdictGiven(c.step(), chance.nextInt(3) > 0));
      case Command.Judge c ->
          record(new Event.VerdictGiven(c.step(), fate.again(c.step(), c.condition())));
      case Command.Conclude c -> conclude(c.step());
      case Command.Replan c -> record(new Event.StepFailed(c.step(), c.error()));
      case Command.Revise c -> throw new IllegalStateException("Nobody plans: " + c);
      case Command.Recover c -> record(new Event.StepSucceeded(c.step(), NOTHING));
      case Command.Finish c -> record(new Event.RunFinished(c.status(), Map.of(), List.of()));
      case Command.Pause c -> record(new Event.RunPaused(c.status(), c.reason(), Map.of()));
      case Command.BoundTurn c -> throw new IllegalStateException("Turns have no bound: " + c);
    }
  }

  /** A newer timer of the same attempt takes the place of an older one. */
  private void setTimer(Command.SetTimer timer) {
    for (List<? extends Command> timers : List.of(pending, silent, deadlines)) {
      timers.removeIf(
          other ->
              other instanceof Command.SetTimer older
                  && older.step().equals(timer.step())
                  && older.attempt() == timer.attempt());
    }
    switch (state.steps.get(timer.step()).phase) {
      case SLEEPING -> (fate.isSilent(timer.step()) ? silent : pending).add(timer);
      case BACKING_OFF, PAUSING -> pending.add(timer);
      default -> deadlines.add(timer);
    }
  }

  private void record(Event event) {
    now = now.plusMillis(1);
    apply(new Recorded(journal.size() + 1, now, 1 + crashes, event));
  }

  private void apply(Recorded recorded) {
    boolean awaited =
        recorded.event() instanceof Event.OfCall call && state.awaits(call.step(), call.call());
    ledger.take(recorded.event(), awaited);
    journal.add(recorded);
    state.apply(recorded);
  }

  private void answer(Command command) {
    switch (command) {
      case Command.CallTool c when ledger.asks(c.call()) -> probe(c);
      case Command.CallTool c when asksFirst(c) -> pending.add(c);
      case Command.CallTool c -> answered(c);
      case Command.AskForServer c -> wanted(c);
      case Command.CallModel c -> answered(c);
      case Command.Sample c -> sampled(c);
      case Command.CancelCall c -> cancel(c);
      case Command.AskPerson c -> record(answer(c.step()));
      case Command.AskAboutDoubt c -> resolve(c);
      case Command.AskAboutFailure c -> {
        int number = Objects.requireNonNull(ledger.failuresAsked.get(c.step()));
        Event.WayOut wayOut = fate.wayOut(c.step(), number);
        record(new Event.FailureAnswered(c.step(), wayOut, NOTHING, "fate"));
      }
      case Command.SetTimer c -> record(new Event.TimerFired(c.step(), c.attempt()));
      default -> throw new IllegalStateException(command + " is answered at once");
    }
  }

  private void prepare(StepPath path) {
    StepRun step = state.steps.get(path);
    Prepared prepared = prepared(step);
    if (prepared instanceof Prepared.Body body
        && body.graph() != null
        && !state.plans().containsKey(body.graph())) {
      Plan written = Plans.written(fate.seed(), fate.plan(path)).inside(body.graph());
      record(new Event.PlanChecked(path, body.graph(), "", written, NOTHING));
    }
    record(new Event.StepPrepared(path, prepared));
  }

  private Prepared prepared(StepRun step) {
    StepPath path = step.path;
    if (fate.skips(path)) {
      return new Prepared.Skip("fate");
    }
    List<String> missing = missing(step);
    if (!missing.isEmpty()) {
      return new Prepared.Missing(missing);
    }
    if (fate.isInvalid(path)) {
      return new Prepared.Invalid(StepError.of(ErrorKind.EXPRESSION, "fate"));
    }
    if (step.fansOut()) {
      List<Prepared.Item> items = new ArrayList<>();
      for (int i = 0; i < fate.elements(path); i++) {
        items.add(new Prepared.Item(Integer.toString(i), NOTHING));
      }
      return new Prepared.Items(items, fate.hasForm(path));
    }
    return switch (step.node.kind()) {
      case AGENT -> new Prepared.Conversation("a", "prompt", fate.models(path), null);
      case TOOL ->
          new Prepared.Call(
              "s", "t", NOTHING, "hash", "digest", fate.effect(path, 0, 0), "key " + path);
      case ASK -> new Prepared.Question("?", fate.hasForm(path) ? NOTHING : null);
      case SET -> new Prepared.Value(NOTHING);
      case WAIT -> new Prepared.Until(now.plusSeconds(5));
      case FAIL -> new Prepared.Failure("on purpose");
      case GROUP -> new Prepared.Body(null, null);
      case WORKFLOW ->
          new Prepared.Body(
              NOTHING, step.node.body() == null ? Plans.writtenName(fate.plan(path)) : null);
    };
  }

  /** Sources here, and of the groups around, that gave nothing which the step cannot do without. */
  private List<String> missing(StepRun step) {
    List<String> missing = new ArrayList<>();
    for (Plan.Edge edge : step.node.edges()) {
      if (edge.kind() == Plan.EdgeKind.VALUE) {
        missing.addAll(missing(step.scope.current[edge.source()], step.path));
      }
    }
    for (StepRun group = step.scope.containing();
        group != null && group.node.kind() == Kind.GROUP;
        group = group.scope.containing()) {
      for (Plan.Edge edge : group.node.edges()) {
        missing.addAll(missing(group.scope.current[edge.source()], step.path));
      }
    }
    return missing;
  }

  private List<String> missing(StepRun source, StepPath path) {
    String id = source.node.id();
    return source.status() != StepStatus.SUCCEEDED && fate.needs(path, id)
        ? List.of(id)
        : List.of();
  }

  private static int turn(JsonNode arguments) {
    return arguments.path("turn").asInt(0);
  }

  private static int number(JsonNode arguments) {
    return arguments.path("call").asInt(0);
  }

  private Event.ToolCalled called(String call) {
    return (Event.ToolCalled) Objects.requireNonNull(ledger.calls.get(call), call);
  }

  private Fate.Answer next(String call) {
    Event.ToolCalled e = called(call);
    return fate.answer(
        e.step(), e.attempt(), turn(e.arguments()), number(e.arguments()), ledger.next(call));
  }

  private boolean isNeverAnswered(Command.CallTool c) {
    return hangs(c.arguments()) || (!c.verifies() && next(c.call()) == Fate.Answer.NEVER);
  }

  private static boolean hangs(JsonNode arguments) {
    return arguments.path("hangs").asBoolean(false);
  }

  /** A server may ask for a person before it answers; what it gives stays the same. */
  private boolean asksFirst(Command.CallTool c) {
    OpenCall open = state.steps.get(c.step()).calls.get(c.call());
    if (open == null || open.asked != null) {
      return open != null && chance.nextBoolean();
    }
    if (open.sampling != null) {
      return chance.nextBoolean();
    }
    if (open.sampled.size() < 3 && mayAskModels(c.step()) && happens(troubles.asks)) {
      Event.SampledModel model = new Event.SampledModel("p/m", 1, null);
      int number = open.sampled.size() + 1;
      record(
          new Event.SamplingAsked(c.step(), c.call(), number, "m", NOTHING, List.of(model, model)));
      return true;
    }
    boolean asks = open.heard.size() < 3 && happens(troubles.asks);
    if (asks) {
      int number = open.heard.size() + 1;
      record(new Event.ElicitationAsked(c.step(), c.call(), number, "fate", NOTHING));
    }
    return asks;
  }

  /**
   * Where the calls of models are bounded, those for servers would change what becomes of steps.
   */
  private boolean mayAskModels(StepPath step) {
    return state.budgets(state.steps.get(step)).stream()
        .allMatch(budget -> budget.most(Resource.MODEL_CALLS) == null && !budget.boundsTurns());
  }

  /** Whatever a model says to a server, the server's answer stays the same. */
  private void sampled(Command.Sample c) {
    if (chance.nextBoolean()) {
      StepError error = StepError.of(ErrorKind.RATE_LIMITED, "chance");
      recordIfAwaited(new Event.ModelFailed(c.step(), c.call(), error, chance.nextBoolean()));
      return;
    }
    recordIfAwaited(
        new Event.ModelReplied(
            c.step(),
            c.call(),
            new ModelReply(
                "p/m", "text", null, List.of(), NOTHING, List.of(), ModelReply.Usage.NONE, null)));
  }

  /** Somebody answers; or nobody is there, and somebody does later. */
  private void wanted(Command.AskForServer c) {
    OpenCall open = state.steps.get(c.step()).calls.get(c.call());
    if (open == null || open.asked == null) {
      return;
    }
    if (open.consults() && happens(troubles.asks)) {
      record(new Event.ElicitationPostponed(c.step(), c.call()));
      pending.removeIf(
          other -> other instanceof Command.CallTool call && call.call().equals(c.call()));
      return;
    }
    Event.Reaction reaction = chance.nextBoolean() ? Event.Reaction.ACCEPT : Event.Reaction.DECLINE;
    record(
        new Event.ElicitationAnswered(c.step(), c.call(), c.number(), reaction, NOTHING, "fate"));
  }

  private void answered(Command.CallTool c) {
    if (c.arguments().path("forbidden").asBoolean(false)) {
      failed(c, ErrorKind.FORBIDDEN, false);
      return;
    }
    switch (next(c.call())) {
      case GOOD -> returned(c, List.of());
      case BROKEN -> returned(c, List.of("fate"));
      case REFUSED -> failed(c, ErrorKind.TOOL_ERROR, false);
      case UNREACHED -> failed(c, ErrorKind.UNAVAILABLE, false);
      case LOST -> failed(c, ErrorKind.UNAVAILABLE, true);
      case LATE -> failed(c, ErrorKind.TIMEOUT, true);
      case NEVER -> throw new IllegalStateException(c + " is never answered");
    }
  }

  private void returned(Command.CallTool c, List<String> violations) {
    recordIfAwaited(new Event.ToolReturned(c.step(), c.call(), NOTHING, violations));
  }

  private void failed(Command.CallTool c, ErrorKind kind, boolean possiblyExecuted) {
    recordIfAwaited(
        new Event.ToolFailed(c.step(), c.call(), StepError.of(kind, "fate"), possiblyExecuted));
  }

  private void recordIfAwaited(Event.OfCall event) {
    if (state.awaits(event.step(), event.call())) {
      record(event);
    }
  }

  private Reply reply(Command.CallModel c) {
    Event.OfCall asked = Objects.requireNonNull(ledger.calls.get(c.call()), c.call());
    return fate.reply(c.step(), ((Event.ModelCalled) asked).attempt(), ledger.next(c.call()));
  }

  private void answered(Command.CallModel c) {
    int attempt = state.steps.get(c.step()).attempt;
    int number = ledger.next(c.call());
    Reply reply = reply(c);
    if (reply == Reply.ERROR) {
      StepError error = StepError.of(fate.modelError(c.step(), attempt, number), "fate");
      recordIfAwaited(new Event.ModelFailed(c.step(), c.call(), error, chance.nextBoolean()));
      return;
    }
    List<WantedCall> wanted = new ArrayList<>();
    int calls =
        switch (reply) {
          case CALLS -> fate.calls(c.step(), attempt, number);
          case FORBIDDEN, HANGS -> 1;
          case ANSWER, BROKEN, ERROR, NEVER -> 0;
        };
    for (int call = 0; call < calls; call++) {
      wanted.add(wanted(c, attempt, call, reply));
    }
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
                reply == Reply.BROKEN ? List.of("fate") : List.of(),
                ModelReply.Usage.NONE,
                null)));
  }

  private WantedCall wanted(Command.CallModel c, int attempt, int call, Reply reply) {
    JsonNode arguments =
        JsonNodeFactory.instance
            .objectNode()
            .put("turn", c.turn())
            .put("call", call)
            .put("forbidden", reply == Reply.FORBIDDEN)
            .put("hangs", reply == Reply.HANGS);
    String tool = "t" + fate.tool(c.step(), attempt, c.turn(), call);
    Effect effect = reply == Reply.FORBIDDEN ? Effect.READ : fate.effect(c.step(), c.turn(), call);
    return new WantedCall(
        "id" + call, tool, "s", tool, arguments, arguments.toString(), "d", effect, null, null);
  }

  private void cancel(Command.CancelCall c) {
    if (!state.awaits(c.step(), c.call())) {
      return;
    }
    for (List<Command> commands : List.of(pending, silent)) {
      commands.removeIf(
          other ->
              (other instanceof Command.CallTool tool && tool.call().equals(c.call()))
                  || (other instanceof Command.CallModel model && model.call().equals(c.call()))
                  || (other instanceof Command.Sample model && model.call().equals(c.call())));
    }
    StepError error = StepError.of(ErrorKind.CANCELLED, "given up");
    record(
        state.openToolCall(c.step(), c.call()) == null
            ? new Event.ModelFailed(c.step(), c.call(), error, true)
            : new Event.ToolFailed(c.step(), c.call(), error, true));
  }

  /** What fate lets be found out about a lost call; absent: it was lost by chance. */
  private @Nullable Found found(String lost) {
    Event.ToolCalled e = called(lost);
    return ledger.lost.contains(lost)
        ? fate.found(e.step(), e.attempt(), ledger.next(lost) - 1)
        : null;
  }

  private void prepareProbe(Command.PrepareProbe c) {
    Found found = found(c.call());
    boolean asks = found == null ? chance.nextInt(4) > 0 : found != Found.UNASKED;
    record(
        asks
            ? new Event.ProbePrepared(
                c.step(),
                c.call(),
                new Prepared.Call("s", "probe", NOTHING, "hash", "digest", Effect.READ, "p"))
            : new Event.StepInDoubt(c.step(), c.call(), c.reason()));
  }

  /** Nothing can be told from a probe that fails, that breaks its schema, or by its condition. */
  private void probe(Command.CallTool c) {
    Found found = found(Objects.requireNonNull(called(c.call()).verifies()));
    boolean clear = found == null ? chance.nextInt(4) > 0 : found != Found.UNCLEAR;
    int how = clear ? 2 : chance.nextInt(found == null ? 2 : 3);
    if (how == 0) {
      failed(c, ErrorKind.UNAVAILABLE, chance.nextBoolean());
    } else {
      returned(c, how == 1 ? List.of("fate") : List.of());
    }
  }

  private void verify(Command.VerifyCall c) {
    Found found = found(c.call());
    record(
        found == Found.UNCLEAR
            ? new Event.StepInDoubt(c.step(), c.call(), c.reason())
            : new Event.CallVerified(
                c.step(),
                c.call(),
                found == null ? next(c.call()) == Fate.Answer.GOOD : found == Found.DONE,
                NOTHING));
  }

  /** A call that was lost by chance is made again, or was done where it would be. */
  private void resolve(Command.AskAboutDoubt c) {
    Event.ToolCalled e = called(c.call());
    int turn = turn(e.arguments());
    int number = number(e.arguments());
    boolean done =
        !hangs(e.arguments()) && next(c.call()) == Fate.Answer.GOOD && chance.nextBoolean();
    Event.Resolution resolution =
        ledger.lost.contains(c.call())
            ? fate.resolution(e.step(), e.attempt(), turn, number, ledger.next(c.call()) - 1)
            : done ? Event.Resolution.DONE : Event.Resolution.RETRY;
    recordIfAwaited(new Event.DoubtResolved(c.step(), c.call(), resolution, NOTHING));
  }

  private Event answer(StepPath step) {
    boolean rejected = !fate.hasForm(step) && fate.rejects(step);
    JsonNode answer =
        JsonNodeFactory.instance.objectNode().put("decision", rejected ? "reject" : "approve");
    return new Event.QuestionAnswered(step, answer, "fate");
  }

  private void conclude(StepPath container) {
    int attempt = state.steps.get(container).attempt;
    record(
        fate.breaks(container)
            ? new Event.AttemptFailed(
                container, attempt, StepError.of(ErrorKind.INVALID_OUTPUT, "fate"))
            : new Event.StepSucceeded(container, NOTHING));
  }
}
