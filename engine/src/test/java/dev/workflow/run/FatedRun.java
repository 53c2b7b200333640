package dev.workflow.run;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The kernel in a world where a {@link Fate} says what happens, and chance only when: answers come
 * in any order, and the process crashes now and then.
 */
final class FatedRun {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final int PATIENCE = 50_000;

  private final Fate fate;
  private final Random chance;
  private final double crash;
  private final List<Recorded> journal = new ArrayList<>();
  private final List<Command> pending = new ArrayList<>();
  private RunState state;
  private Decider decider;
  private Instant now = Instant.EPOCH;

  private FatedRun(Plan plan, Limits limits, Fate fate, Random chance, double crash) {
    this.fate = fate;
    this.chance = chance;
    this.crash = crash;
    Event start = new Event.RunStarted("r", "fate", plan, NOTHING, NOTHING, limits, true);
    Recorded first = new Recorded(1, now, 1, start);
    journal.add(first);
    this.state = RunState.begin(first);
    this.decider = new Decider(state);
  }

  /**
   * The status of every path when the run has ended.
   *
   * @param crash chance of a crash after an answer
   */
  static Map<String, StepStatus> outcomes(
      Plan plan, Limits limits, Fate fate, Random chance, double crash) {
    return new FatedRun(plan, limits, fate, chance, crash).run();
  }

  private Map<String, StepStatus> run() {
    for (int i = 0; i < PATIENCE && !state.status().ended(); i++) {
      settle();
      if (state.status().ended()) {
        break;
      }
      if (pending.isEmpty()) {
        throw new IllegalStateException("The run is stuck");
      }
      answer(pending.remove(chance.nextInt(pending.size())));
      if (chance.nextDouble() < crash) {
        resume();
      }
    }
    if (!state.status().ended()) {
      throw new IllegalStateException("The run does not end");
    }
    Map<String, StepStatus> outcomes = new TreeMap<>();
    state.all().forEach(step -> outcomes.put(step.path().toString(), step.status()));
    return outcomes;
  }

  private void resume() {
    RunState folded = RunState.begin(journal.get(0));
    journal.subList(1, journal.size()).forEach(folded::apply);
    state = folded;
    decider = new Decider(state);
    pending.clear();
    if (!state.status().ended()) {
      record(new Event.RunResumed(state.limits()));
    }
  }

  private void settle() {
    for (Decision decision = decider.decide(); !decision.isEmpty(); decision = decider.decide()) {
      decision.events().forEach(this::record);
      decision.commands().forEach(this::take);
    }
  }

  private void take(Command command) {
    boolean outside =
        command instanceof Command.CallTool
            || command instanceof Command.CallModel
            || command instanceof Command.AskPerson
            || command instanceof Command.AskAboutFailure
            || command instanceof Command.SetTimer;
    if (outside) {
      pending.add(command);
    } else {
      answer(command);
    }
  }

  private void record(Event event) {
    now = now.plusMillis(1);
    Recorded recorded = new Recorded(journal.size() + 1, now, 1, event);
    journal.add(recorded);
    state.apply(recorded);
  }

  private void answer(Command command) {
    switch (command) {
      case Command.Prepare c -> record(new Event.StepPrepared(c.step(), prepared(c.step())));
      case Command.CallTool c -> callTool(c);
      case Command.CallModel c -> callModel(c);
      case Command.AskPerson c -> askPerson(c.step());
      case Command.AskAboutFailure c ->
          record(
              new Event.FailureAnswered(
                  c.step(),
                  fate.wayOut(c.step(), state.steps.get(c.step()).attempt, c.error().kind()),
                  NOTHING,
                  "fate"));
      case Command.SetTimer c -> record(new Event.TimerFired(c.step(), c.attempt()));
      case Command.DrawBackoff c ->
          record(new Event.RetryScheduled(c.step(), c.attempt(), now.plusSeconds(1)));
      case Command.Judge c ->
          record(new Event.VerdictGiven(c.step(), fate.again(c.step(), c.condition())));
      case Command.Conclude c -> conclude(c.step());
      case Command.BoundTurn c -> record(new Event.TurnBounded(c.step(), "p/m", 1, null));
      case Command.Recover c -> record(new Event.StepSucceeded(c.step(), NOTHING));
      case Command.Replan c -> record(new Event.StepFailed(c.step(), c.error()));
      case Command.Revise c -> throw new IllegalStateException("Nobody plans: " + c);
      case Command.Finish c -> record(new Event.RunFinished(c.status(), Map.of(), List.of()));
      case Command.Pause c -> throw new IllegalStateException("Nothing holds the run: " + c);
      case Command.PrepareProbe c -> throw new IllegalStateException("Only reads: " + c);
      case Command.VerifyCall c -> throw new IllegalStateException("Only reads: " + c);
      case Command.AskAboutDoubt c -> throw new IllegalStateException("Only reads: " + c);
      case Command.CancelCall c -> throw new IllegalStateException("Nothing is given up: " + c);
    }
  }

  private Prepared prepared(StepPath path) {
    StepRun step = state.steps.get(path);
    if (fate.skips(path)) {
      return new Prepared.Skip("fate");
    }
    List<String> missing = new ArrayList<>();
    for (Plan.Edge edge : step.node.edges()) {
      StepRun source = step.scope.current[edge.source()];
      if (edge.kind() == Plan.EdgeKind.VALUE
          && source.status() != StepStatus.SUCCEEDED
          && fate.needs(path, source.node.id())) {
        missing.add(source.node.id());
      }
    }
    if (!missing.isEmpty()) {
      return new Prepared.Missing(missing);
    }
    if (step.fansOut()) {
      List<Prepared.Item> items = new ArrayList<>();
      for (int i = 0; i < fate.elements(path); i++) {
        items.add(new Prepared.Item(Integer.toString(i), NOTHING));
      }
      return new Prepared.Items(items, false);
    }
    return switch (step.node.kind()) {
      case AGENT -> new Prepared.Conversation("a", "prompt", 2);
      case TOOL -> new Prepared.Call("s", "t", NOTHING, "hash", "digest", Effect.READ, "key");
      case ASK -> new Prepared.Question("?", null);
      case SET -> new Prepared.Value(NOTHING);
      case WAIT -> new Prepared.Until(now.plusSeconds(5));
      case FAIL -> new Prepared.Failure("on purpose");
      case GROUP, WORKFLOW -> new Prepared.Body(null, null);
    };
  }

  private @Nullable StepError failure(StepPath path) {
    ErrorKind kind = fate.failure(path, state.steps.get(path).attempt);
    return kind == null ? null : StepError.of(kind, "fate");
  }

  private void callTool(Command.CallTool c) {
    StepError error = failure(c.step());
    record(
        error == null
            ? new Event.ToolReturned(c.step(), c.call(), NOTHING, List.of())
            : new Event.ToolFailed(c.step(), c.call(), error, false));
  }

  private void callModel(Command.CallModel c) {
    StepError error = failure(c.step());
    ModelReply reply =
        new ModelReply(
            "p/m", "text", null, List.of(), NOTHING, List.of(), ModelReply.Usage.NONE, null);
    record(
        error == null
            ? new Event.ModelReplied(c.step(), c.call(), reply)
            : new Event.ModelFailed(c.step(), c.call(), error, false));
  }

  private void askPerson(StepPath step) {
    JsonNode answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("decision", fate.rejects(step) ? "reject" : "approve");
    record(new Event.QuestionAnswered(step, answer, "fate"));
  }

  private void conclude(StepPath container) {
    int attempt = state.steps.get(container).attempt;
    record(
        fate.breaks(container, attempt)
            ? new Event.AttemptFailed(
                container, attempt, StepError.of(ErrorKind.INVALID_OUTPUT, "fate"))
            : new Event.StepSucceeded(container, NOTHING));
  }
}
