package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A rim in which all takes as long as the test says, on a clock that jumps from one event to the
 * next.
 */
final class TimedWorld {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final List<Recorded> journal = new ArrayList<>();
  private final Map<String, Duration> durations = new HashMap<>();
  private final Set<String> failing = new HashSet<>();
  private final List<String> cancelled = new ArrayList<>();
  private final List<Due> due = new ArrayList<>();
  private Effect effect = Effect.READ;
  private boolean content = true;
  private Instant now = Instant.EPOCH;
  private RunState run;
  private Decider decider;

  /** What comes at a time unless it is taken back; of one name there is one. */
  private record Due(Instant at, String name, Event event) {}

  TimedWorld(Plan plan) {
    this(plan, 8);
  }

  TimedWorld(Plan plan, int slots) {
    Limits limits = new Limits(slots, Duration.ofDays(9), 2, 2, Allowance.NONE);
    Event start = new Event.RunStarted("r", "timed", plan, NOTHING, NOTHING, limits, false);
    Recorded first = new Recorded(1, now, 1, start);
    journal.add(first);
    run = RunState.begin(first);
    decider = new Decider(run);
  }

  /** How long a call, an answer or a wait of the step takes; unless said, no time at all. */
  TimedWorld takes(String id, Duration time) {
    durations.put(id, time);
    return this;
  }

  /** Calls of the step fail. */
  TimedWorld failing(String id) {
    failing.add(id);
    return this;
  }

  /** Calls have effects. */
  TimedWorld writing() {
    effect = Effect.WRITE;
    return this;
  }

  /** Every verdict asks for a revision. */
  TimedWorld neverContent() {
    content = false;
    return this;
  }

  RunState state() {
    return run;
  }

  StepStatus status(String path) {
    return Objects.requireNonNull(run.step(StepPath.parse(path)), path).status();
  }

  List<String> cancelled() {
    return cancelled;
  }

  Duration elapsed() {
    return Duration.between(Instant.EPOCH, now);
  }

  /** When the first event of the kind came. */
  Duration timeOf(Class<? extends Event> kind) {
    return journal.stream()
        .filter(recorded -> kind.isInstance(recorded.event()))
        .map(recorded -> Duration.between(Instant.EPOCH, recorded.time()))
        .findFirst()
        .orElseThrow();
  }

  long count(Class<? extends Event> kind) {
    return journal.stream().filter(recorded -> kind.isInstance(recorded.event())).count();
  }

  /** The steps as the journal alone has them. */
  List<StepInfo> replayed() {
    RunState again = RunState.begin(journal.getFirst());
    journal.subList(1, journal.size()).forEach(again::apply);
    return again.all();
  }

  /** Goes on until nothing is due any more. */
  void run() {
    runUntil(Duration.ofDays(99));
  }

  /** Goes on until nothing is due by then. */
  void runUntil(Duration time) {
    Instant end = Instant.EPOCH.plus(time);
    settle();
    while (run.status() == RunStatus.RUNNING) {
      Due next = due.stream().min(Comparator.comparing(Due::at)).orElse(null);
      if (next == null || next.at().isAfter(end)) {
        return;
      }
      due.remove(next);
      now = next.at().isAfter(now) ? next.at() : now;
      Event event = next.event();
      boolean wanted =
          switch (event) {
            case Event.TimeMeasured look -> run.isAtWork(look);
            case Event.OfCall answer -> run.awaits(answer.step(), answer.call());
            default -> true;
          };
      if (wanted) {
        hear(event);
      }
    }
  }

  /** The process ends, and another one takes the run up after a time. */
  void die(Duration time) {
    now = now.plus(time);
    due.clear();
    run = RunState.begin(journal.getFirst());
    journal.subList(1, journal.size()).forEach(run::apply);
    decider = new Decider(run);
    record(new Event.RunResumed(run.limits()));
  }

  void adopt(Plan plan) {
    hear(
        new Event.PlanChanged(
            Event.Reason.ADOPTED, plan, NOTHING, NOTHING, List.of(), List.of(), null, null));
  }

  void hear(Event event) {
    record(event);
    settle();
  }

  private void record(Event event) {
    Recorded recorded = new Recorded(journal.size() + 1, now, 1, event);
    journal.add(recorded);
    run.apply(recorded);
  }

  private void settle() {
    for (Decision next = decider.decide(); !next.isEmpty(); next = decider.decide()) {
      next.events().forEach(this::record);
      next.commands().forEach(this::take);
    }
  }

  private void after(StepPath step, String name, Event event) {
    at(now.plus(durations.getOrDefault(step.id(), Duration.ZERO)), name, event);
  }

  private void at(Instant time, String name, Event event) {
    due.removeIf(other -> other.name().equals(name));
    due.add(new Due(time, name, event));
  }

  private void take(Command command) {
    switch (command) {
      case Command.Prepare c -> record(new Event.StepPrepared(c.step(), prepared(c.step())));
      case Command.CallTool c -> after(c.step(), c.call(), answer(c));
      case Command.CallModel c -> after(c.step(), c.call(), answer(c));
      case Command.CancelCall c -> cancel(c);
      case Command.AskPerson c ->
          after(
              c.step(),
              "ask " + c.step(),
              new Event.QuestionAnswered(
                  c.step(), JsonNodeFactory.instance.objectNode().put("decision", "approve"), "t"));
      case Command.SetTimer c ->
          at(
              c.due(),
              "timer " + c.step() + c.attempt(),
              new Event.TimerFired(c.step(), c.attempt()));
      case Command.MeasureTime c -> at(c.due(), c.look().toString(), c.look());
      case Command.DrawBackoff c ->
          record(new Event.RetryScheduled(c.step(), c.attempt(), now.plus(c.retry().first())));
      case Command.Judge c -> record(new Event.VerdictGiven(c.step(), !content));
      case Command.Conclude c -> record(new Event.StepSucceeded(c.step(), NOTHING));
      case Command.Recover c -> record(new Event.StepSucceeded(c.step(), NOTHING));
      case Command.Finish c -> record(new Event.RunFinished(c.status(), Map.of(), List.of()));
      case Command.Pause c -> record(new Event.RunPaused(c.status(), c.reason(), Map.of()));
      case Command.AskForServer c -> {}
      case Command.TellServer c -> {}
      case Command.TellReply c -> {}
      case Command.Sample c -> throw unexpected(c);
      case Command.AskAboutDoubt c -> {}
      case Command.AskAboutFailure c -> {}
      case Command.Replan c -> throw unexpected(c);
      case Command.Revise c -> throw unexpected(c);
      case Command.BoundTurn c -> throw unexpected(c);
      case Command.PrepareProbe c ->
          record(
              new Event.ProbePrepared(
                  c.step(),
                  c.call(),
                  new Prepared.Call("s", "p", NOTHING, "h", "d", Effect.READ, "p")));
      case Command.VerifyCall c ->
          record(new Event.CallVerified(c.step(), c.call(), true, NOTHING));
    }
  }

  private static IllegalStateException unexpected(Command command) {
    return new IllegalStateException("Nobody answers " + command);
  }

  private Event answer(Command.CallTool call) {
    return failing.contains(call.step().id())
        ? new Event.ToolFailed(
            call.step(), call.call(), StepError.of(ErrorKind.UNAVAILABLE, "down"), false)
        : new Event.ToolReturned(call.step(), call.call(), NOTHING, List.of());
  }

  private Event answer(Command.CallModel call) {
    return failing.contains(call.step().id())
        ? new Event.ModelFailed(
            call.step(), call.call(), StepError.of(ErrorKind.UNAVAILABLE, "down"), false)
        : new Event.ModelReplied(
            call.step(),
            call.call(),
            new ModelReply(
                "p/m", "done", null, List.of(), null, List.of(), ModelReply.Usage.NONE, null));
  }

  private void cancel(Command.CancelCall order) {
    due.removeIf(other -> other.name().equals(order.call()));
    cancelled.add(order.call());
    StepError error = StepError.of(ErrorKind.CANCELLED, "The call was given up");
    record(
        run.openToolCall(order.step(), order.call()) == null
            ? new Event.ModelFailed(order.step(), order.call(), error, true)
            : new Event.ToolFailed(order.step(), order.call(), error, true));
  }

  private Prepared prepared(StepPath path) {
    StepRun step = run.steps.get(path);
    if (step.fansOut()) {
      List<Prepared.Item> items = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        items.add(new Prepared.Item(Integer.toString(i), NOTHING));
      }
      return new Prepared.Items(items, false);
    }
    return prepared(step.node.kind(), path);
  }

  private Prepared prepared(Kind kind, StepPath path) {
    return switch (kind) {
      case AGENT -> new Prepared.Conversation("agent", "go", 1, null);
      case TOOL -> new Prepared.Call("s", "t", NOTHING, "h", "d", effect, "k");
      case ASK -> new Prepared.Question("?", null);
      case SET -> new Prepared.Value(NOTHING);
      case WAIT -> new Prepared.Until(now.plus(waitOf(path)));
      case FAIL -> new Prepared.Failure("on purpose");
      case GROUP, WORKFLOW -> new Prepared.Body(null, null);
    };
  }

  private Duration waitOf(StepPath path) {
    @Nullable Duration wait = durations.get(path.id());
    return wait == null ? Duration.ZERO : wait;
  }
}
