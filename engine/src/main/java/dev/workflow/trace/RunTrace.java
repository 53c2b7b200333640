package dev.workflow.trace;

import dev.workflow.definition.Money;
import dev.workflow.engine.Journal;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run as its journal tells it: where it stands, and what each of its steps has done. Each event
 * costs the same, but for a change of the plan.
 */
public final class RunTrace {
  private final RunState state;
  private final Map<StepPath, Deeds> deeds = new HashMap<>();
  private final List<PlanTurn> turns = new ArrayList<>();

  private RunTrace(RunState state) {
    this.state = state;
  }

  /**
   * The trace after the first event.
   *
   * @throws IllegalArgumentException when the event is not the start of a run
   */
  public static RunTrace begin(Recorded first) {
    return new RunTrace(RunState.begin(first));
  }

  /** Reads a whole run; absent: it has not begun. */
  public static @Nullable RunTrace read(Journal journal, String run) {
    RunTrace[] trace = new RunTrace[1];
    journal.read(
        run,
        1,
        recorded -> {
          if (trace[0] == null) {
            trace[0] = begin(recorded);
          } else {
            trace[0].apply(recorded);
          }
        });
    return trace[0];
  }

  /**
   * What one step, element or revision has done.
   *
   * <p>Events stand with their numbers; 0: there was none.
   */
  static final class Deeds {
    /** When it was prepared, of several times the last. */
    long prepared;

    /** When it ended, be it with a verdict that had its region run again. */
    long ended;

    /** When it had its region run again. */
    long revised;

    @Nullable Instant endedAt;
    final List<Failed> failed = new ArrayList<>();
    final Map<String, Call> calls = new HashMap<>(2);
    final List<Call> inOrder = new ArrayList<>(1);
  }

  /** An attempt that failed. */
  record Failed(int attempt, Instant at, StepError error) {}

  /** A call of a tool or a model. */
  static final class Call {
    final String what;
    final Instant at;

    /** Absent: it has no answer. */
    @Nullable Duration took;

    /** Why it failed; absent: it did not. */
    @Nullable String failure;

    @Nullable ModelReply reply;

    private Call(String what, Instant at) {
      this.what = what;
      this.at = at;
    }

    private void answered(Instant time, @Nullable String why) {
      if (took == null) {
        took = Duration.between(at, time);
        failure = why;
      }
    }

    /** What it cost; absent: nobody knows, or it asked no model. */
    @Nullable Money cost() {
      return reply == null ? null : reply.cost();
    }
  }

  /** Takes the next event in. */
  public void apply(Recorded recorded) {
    Instant time = recorded.time();
    if (recorded.event() instanceof Event.PlanChanged change) {
      turns.add(PlanTurn.of(state, change, time));
    }
    state.apply(recorded);
    switch (recorded.event()) {
      case Event.StepPrepared e -> deeds(e.step()).prepared = recorded.seq();
      case Event.AttemptFailed e ->
          deeds(e.step()).failed.add(new Failed(e.attempt(), time, e.error()));
      case Event.ToolCalled e ->
          calls(e, (e.verifies() == null ? "" : "probe ") + e.server() + "/" + e.tool(), time);
      case Event.ModelCalled e ->
          calls(e, e.samples() == null ? "turn " + e.turn() : "for its server", time);
      case Event.ToolReturned e -> answered(e, time, wrong(e.violations()));
      case Event.ToolFailed e -> answered(e, time, e.error().message());
      case Event.ElicitationPostponed e ->
          answered(e, time, "its server asked, and nobody was there");
      case Event.ModelFailed e -> answered(e, time, e.error().message());
      case Event.ModelReplied e -> {
        answered(e, time, wrong(e.reply().violations()));
        Call call = deeds(e.step()).calls.get(e.call());
        if (call != null) {
          call.reply = e.reply();
        }
      }
      case Event.RevisionStarted e -> {
        ended(e, recorded);
        deeds(e.step()).revised = recorded.seq();
      }
      case Event.RepetitionScheduled e -> ended(e, recorded);
      case Event.StepSucceeded e -> ended(e, recorded);
      case Event.OutputInjected e -> ended(e, recorded);
      case Event.StepFailed e -> ended(e, recorded);
      case Event.StepSkipped e -> ended(e, recorded);
      case Event.StepBlocked e -> ended(e, recorded);
      case Event.StepCancelled e -> ended(e, recorded);
      case Event other -> {}
    }
  }

  private void ended(Event.OfStep event, Recorded recorded) {
    Deeds of = deeds(event.step());
    of.ended = recorded.seq();
    of.endedAt = recorded.time();
  }

  private static @Nullable String wrong(List<String> violations) {
    return violations.isEmpty() ? null : "does not fit: " + violations.getFirst();
  }

  private Deeds deeds(StepPath path) {
    return deeds.computeIfAbsent(path, at -> new Deeds());
  }

  private void calls(Event.OfCall event, String what, Instant time) {
    Deeds of = deeds(event.step());
    Call call = new Call(what, time);
    of.calls.put(event.call(), call);
    of.inOrder.add(call);
  }

  private void answered(Event.OfCall event, Instant time, @Nullable String why) {
    Call call = deeds(event.step()).calls.get(event.call());
    if (call != null) {
      call.answered(time, why);
    }
  }

  /** Where the run stands. */
  public RunState state() {
    return state;
  }

  /** The changes of its plan, in order. */
  public List<PlanTurn> turns() {
    return Collections.unmodifiableList(turns);
  }

  /** What a step has done. */
  Deeds of(StepPath path) {
    Deeds of = deeds.get(path);
    return of == null ? new Deeds() : of;
  }
}
