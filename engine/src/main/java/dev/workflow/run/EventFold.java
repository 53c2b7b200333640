package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.run.Event.AttemptFailed;
import dev.workflow.run.Event.CallVerified;
import dev.workflow.run.Event.CancelRequested;
import dev.workflow.run.Event.DoubtResolved;
import dev.workflow.run.Event.ElicitationAnswered;
import dev.workflow.run.Event.ElicitationAsked;
import dev.workflow.run.Event.ElicitationPostponed;
import dev.workflow.run.Event.FailureAnswered;
import dev.workflow.run.Event.FailureAsked;
import dev.workflow.run.Event.LimitNear;
import dev.workflow.run.Event.LimitReached;
import dev.workflow.run.Event.ModelCalled;
import dev.workflow.run.Event.ModelFailed;
import dev.workflow.run.Event.ModelReplied;
import dev.workflow.run.Event.OutputInjected;
import dev.workflow.run.Event.PlanChanged;
import dev.workflow.run.Event.PlanChecked;
import dev.workflow.run.Event.ProbePrepared;
import dev.workflow.run.Event.QuestionAnswered;
import dev.workflow.run.Event.QuestionAsked;
import dev.workflow.run.Event.RepetitionScheduled;
import dev.workflow.run.Event.RepetitionsUsedUp;
import dev.workflow.run.Event.ReplanJoined;
import dev.workflow.run.Event.ReplanReferred;
import dev.workflow.run.Event.ReplanStarted;
import dev.workflow.run.Event.RetryScheduled;
import dev.workflow.run.Event.RevisionStarted;
import dev.workflow.run.Event.RevisionsUsedUp;
import dev.workflow.run.Event.RunFinished;
import dev.workflow.run.Event.RunPaused;
import dev.workflow.run.Event.RunResumed;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Event.SamplingAnswered;
import dev.workflow.run.Event.SamplingAsked;
import dev.workflow.run.Event.StepBlocked;
import dev.workflow.run.Event.StepCancelled;
import dev.workflow.run.Event.StepFailed;
import dev.workflow.run.Event.StepInDoubt;
import dev.workflow.run.Event.StepPrepared;
import dev.workflow.run.Event.StepSkipped;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.Event.SubplanEnded;
import dev.workflow.run.Event.SubplanStarted;
import dev.workflow.run.Event.TimeMeasured;
import dev.workflow.run.Event.TimerFired;
import dev.workflow.run.Event.ToolCalled;
import dev.workflow.run.Event.ToolFailed;
import dev.workflow.run.Event.ToolReturned;
import dev.workflow.run.Event.TurnBounded;
import dev.workflow.run.Event.UndoStarted;
import dev.workflow.run.Event.VerdictGiven;
import dev.workflow.run.Event.WaitStarted;
import dev.workflow.run.Plan.Kind;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What each event changes in a {@link RunState}. */
final class EventFold {
  /** Most containers around a step. */
  static final int MAX_DEPTH = 100;

  private final RunState run;
  private final Steps steps;
  private final CallFold calls;

  EventFold(RunState run) {
    this.run = run;
    this.steps = run.steps;
    this.calls = new CallFold(run);
  }

  void apply(Event event) {
    switch (event) {
      case RunStarted e ->
          throw new IllegalArgumentException("Run " + e.run() + " is started a second time");
      case RunResumed e -> resumed(e);
      case PlanChanged e -> planChanged(e);
      case OutputInjected e -> {
        StepRun step = steps.get(e.step());
        step.injected = true;
        step.started = run.now;
        succeeded(step, e.output());
      }
      case PlanChecked e -> {
        steps.add(e.name(), e.plan());
        run.plans.put(e.name(), e);
      }
      case StepPrepared e -> prepared(steps.get(e.step()), e.prepared());
      case TurnBounded e -> bounded(steps.get(e.step()), e);
      case StepStarted e -> started(steps.get(e.step()), e.attempt());
      case ToolCalled e -> calls.called(steps.get(e.step()), e);
      case ToolReturned e -> calls.returned(steps.get(e.step()), e);
      case ToolFailed e -> calls.failed(steps.get(e.step()), e);
      case ModelCalled e -> calls.asked(steps.get(e.step()), e);
      case ModelReplied e -> calls.replied(steps.get(e.step()), e);
      case ModelFailed e -> calls.failed(steps.get(e.step()), e);
      case ElicitationAsked e -> calls.wants(steps.get(e.step()), e);
      case ElicitationAnswered e -> calls.told(steps.get(e.step()), e);
      case ElicitationPostponed e -> calls.postponed(steps.get(e.step()), e);
      case SamplingAsked e -> calls.wants(steps.get(e.step()), e);
      case SamplingAnswered e -> calls.told(steps.get(e.step()), e);
      case ProbePrepared e -> calls.probed(steps.get(e.step()), e);
      case CallVerified e -> calls.verified(steps.get(e.step()), e);
      case StepInDoubt e -> calls.doubted(steps.get(e.step()), e);
      case DoubtResolved e -> calls.resolved(steps.get(e.step()), e);
      case QuestionAsked e -> asked(steps.get(e.step()), e);
      case QuestionAnswered e -> answered(steps.get(e.step()), e.answer());
      case FailureAsked e -> {
        StepRun step = steps.get(e.step());
        step.error = e.error();
        step.referredFrom = step.phase;
        step.askCommanded = false;
        steps.move(step, Phase.REFERRED);
      }
      case FailureAnswered e -> decided(steps.get(e.step()), e);
      case ReplanStarted e -> {
        StepRun step = steps.get(e.step());
        step.error = e.error();
        steps.move(step, Phase.REPLANNING);
      }
      case ReplanJoined e -> beginAnew(steps.get(e.step()));
      case ReplanReferred e -> {
        StepRun step = steps.get(e.step());
        if (step.phase == Phase.REPLANNING) {
          run.chargePlanner(step);
          steps.replan(step, new Graph(e.plan().nodes()));
        }
      }
      case SubplanStarted e -> {
        StepRun step = steps.get(e.step());
        steps.delegate(step, Subplan.of(step, run.budgets(step)));
      }
      case SubplanEnded e -> subplanEnded(steps.get(e.step()));
      case WaitStarted e -> {
        StepRun step = steps.get(e.step());
        step.due = e.due();
        step.started = run.now;
        steps.move(step, Phase.SLEEPING);
      }
      case TimerFired e -> timerFired(steps.get(e.step()), e.attempt());
      case AttemptFailed e -> attemptFailed(steps.get(e.step()), e.error());
      case RetryScheduled e -> {
        StepRun step = steps.get(e.step());
        if (step.phase == Phase.FAILING) {
          step.retries++;
          step.due = e.due();
          step.timerCommanded = false;
          steps.move(step, Phase.BACKING_OFF);
        }
      }
      case StepSucceeded e -> succeeded(steps.get(e.step()), e.output());
      case StepFailed e -> {
        StepRun step = steps.get(e.step());
        step.error = e.error();
        settle(step, StepStatus.FAILED);
      }
      case StepSkipped e -> {
        StepRun step = steps.get(e.step());
        step.reason = e.reason();
        settle(step, StepStatus.SKIPPED);
      }
      case StepBlocked e -> {
        StepRun step = steps.get(e.step());
        step.blockedBy = e.by();
        step.reason = "needs " + String.join(", ", e.by());
        settle(step, StepStatus.BLOCKED);
      }
      case StepCancelled e -> settle(steps.get(e.step()), StepStatus.CANCELLED);
      case VerdictGiven e -> verdict(steps.get(e.step()), e.again());
      case RepetitionScheduled e -> repetitionScheduled(steps.get(e.step()), e.due());
      case RepetitionsUsedUp e -> repeatedEnough(steps.get(e.step()));
      case RevisionStarted e -> steps.revise(steps.get(e.step()));
      case RevisionsUsedUp e -> settle(steps.get(e.step()), StepStatus.SUCCEEDED);
      case UndoStarted e -> steps.undo(steps.get(e.step()));
      case CancelRequested e -> {
        if (steps.undoes()) {
          return;
        }
        run.cancelling = true;
        run.undoesWhenCancelled |= e.undo();
        run.openSteps().forEach(steps::touch);
      }
      case LimitReached e -> {
        run.limitReached = e.limit();
        run.limitMessage = e.message();
        run.openSteps().forEach(steps::touch);
      }
      case LimitNear e -> {
        run.near.poll();
        run.limitWarnings.add(e.message());
      }
      case TimeMeasured e -> timeMeasured(e);
      case RunPaused e -> {
        run.status = e.status();
        run.outputs = e.outputs();
      }
      case RunFinished e -> {
        run.status = e.status();
        run.outputs = e.outputs();
        run.warnings = e.warnings();
      }
    }
  }

  /** A new process knows of no command: everything open is looked at again. */
  private void resumed(RunResumed e) {
    run.status = RunStatus.RUNNING;
    run.limitReached = null;
    run.limitMessage = null;
    run.closing = false;
    for (StepRun step : run.openSteps()) {
      calls.forget(step);
      rearm(step);
      if (step.phase == Phase.FANNED_OUT && !run.cancels(step) && !step.isUnwanted()) {
        steps.fillWindow(step);
      }
      steps.touch(step);
    }
    run.allow(e.limits());
  }

  /** Whose time is used up gives up what it is at. */
  private void timeMeasured(TimeMeasured e) {
    Budget budget = run.clock.looked(e);
    if (budget == null) {
      return;
    }
    String near = budget.timeNear(run.clock.now());
    if (near != null) {
      run.near.add(new LimitNear("time", near));
    }
    String usedUp = budget.timeUsedUp(run.clock.now());
    if (usedUp != null) {
      StepError error = StepError.of(ErrorKind.LIMIT, usedUp);
      run.openSteps().stream()
          .filter(step -> run.isOwner(step, budget))
          .forEach(step -> outOfTime(step, error));
    }
  }

  private void outOfTime(StepRun step, StepError error) {
    boolean holds = step.phase == Phase.OPEN || step.phase == Phase.DELEGATING;
    if (holds && !step.timedOut && step.failure == null) {
      step.failure = error;
      steps.giveUp(step);
    } else {
      steps.touch(step);
    }
  }

  private void planChanged(PlanChanged e) {
    if (run.status != RunStatus.RUNNING) {
      throw new IllegalArgumentException("The plan of a run that is not at work may not change");
    }
    if (e.reason() == Event.Reason.FORKED) {
      steps.disown();
    }
    Event.Replan replan = e.replan();
    StepRun failed = replan == null ? null : steps.find(replan.step());
    if (failed != null && replan != null) {
      run.anotherWayWasFound(failed, replan.error());
      run.chargeReplan(failed);
    }
    Event.Revision revision = e.revision();
    StepPath within = revision == null ? null : revision.within();
    if (revision == null || within == null) {
      steps.change(e.plan(), Set.copyOf(e.again()), run.now);
    } else {
      steps.change(within, revision, Set.copyOf(e.again()), run.now);
    }
    if (failed != null && revision == null) {
      beginAnew(failed);
    }
    run.planChanged(e);
    run.openSteps().forEach(steps::touch);
  }

  /** The agent takes a slot again to go on; meanwhile the time of its attempt runs on. */
  private void subplanEnded(StepRun step) {
    Subplan subplan = step.subplan;
    if (step.phase != Phase.DELEGATING || subplan == null) {
      return;
    }
    step.subplan = null;
    step.conversation().spent(subplan.called());
    step.conversation().toolEnded(subplan.result());
    step.failure = subplan.forbidden();
    step.goesOn = true;
    step.returned = true;
    steps.move(step, Phase.READY);
  }

  /** The first attempt of a step for which another way was found. */
  private void beginAnew(StepRun step) {
    if (step.phase == Phase.REPLANNING) {
      StepRun again = steps.runAgain(step, StepStatus.FAILED, run.now);
      again.repetitions = step.repetitions;
      again.grantedRuns = step.grantedRuns;
    }
  }

  private void rearm(StepRun step) {
    step.timerCommanded = false;
    step.askCommanded = false;
    boolean converses = step.phase.holdsSlot() || step.phase == Phase.DELEGATING || step.returned;
    boolean bounded = step.phase == Phase.OPEN || (converses && step.node.kind() == Kind.AGENT);
    if (bounded && step.node.timeout() != null) {
      step.due = run.now.plus(step.node.timeout());
    }
  }

  private void prepared(StepRun step, Prepared prepared) {
    if (step.phase != Phase.DUE) {
      return;
    }
    step.prepared = prepared;
    switch (prepared) {
      case Prepared.Items items -> {
        step.started = run.now;
        steps.move(step, Phase.FANNED_OUT);
        steps.fillWindow(step);
      }
      case Prepared.Call call -> steps.move(step, Phase.READY);
      case Prepared.Conversation conversation -> steps.move(step, Phase.READY);
      case Prepared.Skip skip -> steps.move(step, Phase.PREPARED);
      case Prepared.Missing missing -> steps.move(step, Phase.PREPARED);
      case Prepared.Invalid invalid -> {
        step.failure = invalid.error();
        steps.move(step, Phase.PREPARED);
      }
      case Prepared.Question question -> onlyAttempt(step);
      case Prepared.Value value -> {
        step.answer = value.value();
        onlyAttempt(step);
      }
      case Prepared.Cached cached -> {
        step.answer = cached.output();
        onlyAttempt(step);
      }
      case Prepared.Until until -> onlyAttempt(step);
      case Prepared.Body body -> open(step, body.graph() == null ? step.node.body() : body.graph());
      case Prepared.Failure failure -> {
        step.failure = StepError.of(ErrorKind.FAILED_ON_PURPOSE, failure.text());
        onlyAttempt(step);
      }
    }
  }

  /** A container needs no slot: its next attempt begins at once. */
  private void open(StepRun container, @Nullable String body) {
    container.attempt++;
    container.started = run.now;
    if (body == null) {
      throw new IllegalArgumentException(container.path + " has no graph inside");
    }
    StepError outOfTime = run.outOfTime(container);
    if (outOfTime != null) {
      container.failure = outOfTime;
      steps.move(container, Phase.PREPARED);
    } else if (container.scope.depth >= MAX_DEPTH) {
      container.failure =
          StepError.of(
              ErrorKind.NESTED_TOO_DEEP,
              "Steps stand in each other at most " + MAX_DEPTH + " deep; does this one end?");
      steps.move(container, Phase.PREPARED);
    } else {
      steps.open(container, body);
      rearm(container);
    }
  }

  /** What needs no slot has one attempt, which begins at once. */
  private void onlyAttempt(StepRun step) {
    step.attempt = 1;
    step.started = run.now;
    steps.move(step, Phase.PREPARED);
  }

  private void bounded(StepRun step, TurnBounded e) {
    if (step.phase == Phase.RUNNING) {
      step.bound = e;
      steps.touch(step);
    }
  }

  /** The same attempt again means that a step went on after a decision about its call in doubt. */
  private void started(StepRun step, int attempt) {
    if (attempt != step.attempt) {
      step.attempt = attempt;
      step.agent = null;
      step.bound = null;
      step.timedOut = false;
      step.lostServers = 0;
    }
    boolean timeRunsOn = step.returned;
    step.goesOn = false;
    step.returned = false;
    step.started = step.started == null ? run.now : step.started;
    steps.move(step, Phase.RUNNING);
    if (!timeRunsOn) {
      step.due = null;
      rearm(step);
    }
  }

  private void asked(StepRun step, QuestionAsked e) {
    step.due = e.deadline();
    step.started = run.now;
    steps.move(step, Phase.ASKING);
  }

  private void answered(StepRun step, JsonNode answer) {
    if (step.phase != Phase.ASKING) {
      return;
    }
    boolean approval =
        step.prepared instanceof Prepared.Question question && question.form() == null;
    if (approval && !answer.path("decision").asString("").equals("approve")) {
      String note = answer.path("note").asString("");
      step.failure =
          StepError.of(ErrorKind.REJECTED, "Rejected" + (note.isEmpty() ? "" : ": " + note));
    }
    step.answer = answer;
    steps.move(step, Phase.PREPARED);
  }

  /** Another try begins at once; what else was decided is followed by the next event. */
  private void decided(StepRun step, FailureAnswered e) {
    Phase from = step.referredFrom;
    if (step.phase != Phase.REFERRED || from == null) {
      return;
    }
    if (e.decision() != Event.WayOut.RETRY) {
      step.decided = e;
      step.accepted = e.decision() == Event.WayOut.CONTINUE;
      steps.move(step, from);
    } else if (from == Phase.REPEATING) {
      step.grantedRuns++;
      steps.move(step, from);
    } else if (from == Phase.REVISING) {
      step.grantedRevisions++;
      steps.move(step, from);
    } else if (step.prepared instanceof Prepared.Call
        || step.prepared instanceof Prepared.Conversation) {
      step.givenUp = false;
      steps.move(step, Phase.READY);
    } else {
      tryAgain(step);
    }
  }

  /** The next attempt of what evaluates its expressions anew. */
  private void tryAgain(StepRun step) {
    StepRun again = steps.runAgain(step, StepStatus.FAILED, run.now);
    again.attempt = step.attempt;
    again.retries = step.retries;
    again.repetitions = step.repetitions;
    again.grantedRuns = step.grantedRuns;
  }

  private void timerFired(StepRun step, int attempt) {
    if (attempt != step.attempt) {
      return;
    }
    if (step.phase == Phase.SLEEPING) {
      step.answer = Json.text(String.valueOf(step.due));
      steps.move(step, Phase.PREPARED);
    } else if (step.phase == Phase.ASKING) {
      step.failure = StepError.of(ErrorKind.TIMEOUT, "Nobody answered by " + step.due);
      steps.move(step, Phase.PREPARED);
    } else if (step.phase == Phase.BACKING_OFF && step.node.kind().contains()) {
      tryAgain(step);
    } else if (step.phase == Phase.BACKING_OFF) {
      steps.move(step, Phase.READY);
    } else if (step.phase == Phase.PAUSING) {
      StepRun again = steps.runAgain(step, StepStatus.SUCCEEDED, run.now);
      again.repetitions = step.repetitions + 1;
      again.grantedRuns = step.grantedRuns;
    } else if (step.phase == Phase.OPEN || step.phase == Phase.DELEGATING) {
      step.timedOut = true;
      steps.giveUp(step);
    } else if ((step.phase.holdsSlot() && step.phase != Phase.CONSULTING) || step.returned) {
      step.timedOut = true;
      steps.touch(step);
    }
  }

  private void attemptFailed(StepRun step, StepError error) {
    step.error = error;
    step.failure = null;
    step.answer = null;
    step.content = null;
    step.calls.clear();
    step.told.clear();
    step.sampled.clear();
    if (step.subplan != null) {
      step.subplan = null;
      step.givesUp = false;
    }
    steps.move(step, Phase.FAILING);
  }

  private void succeeded(StepRun step, @Nullable JsonNode output) {
    if (step.ended()) {
      return;
    }
    step.output = output == null ? step.joined() : output;
    if (!standsIn(step.phase)) {
      steps.confirm(step, step.output);
    }
    step.decided = null;
    if (step.phase == Phase.REVISING) {
      settle(step, StepStatus.SUCCEEDED);
    } else if (step.phase == Phase.REPEATING) {
      repeatedEnough(step);
    } else {
      step.calls.clear();
      judgeOrSettle(step);
    }
  }

  /** Whether a success from here is another's value, and not what the step has done. */
  private static boolean standsIn(Phase phase) {
    return phase == Phase.FAILING || phase == Phase.REPEATING || phase == Phase.REVISING;
  }

  private void judgeOrSettle(StepRun step) {
    if (step.mayRepeat() || step.judges()) {
      steps.move(step, Phase.JUDGING);
    } else {
      settle(step, StepStatus.SUCCEEDED);
    }
  }

  /** An element makes room for the next one, unless what succeeded may be enough. */
  private void settle(StepRun step, StepStatus outcome) {
    steps.settle(step, outcome, run.now);
    StepRun each = step.parent;
    if (each == null) {
      return;
    }
    Plan.Fan fan = each.node.each();
    if (outcome == StepStatus.SUCCEEDED && fan != null && fan.asksEnough()) {
      each.asksEnough = !each.hasEnough;
    }
    goOn(each);
  }

  /** Lets those elements begin that there is room for. */
  private void goOn(StepRun each) {
    if (run.mayStart() && !each.isUnwanted()) {
      steps.fillWindow(each);
    }
  }

  private void verdict(StepRun step, boolean again) {
    if (step.phase == Phase.FANNED_OUT && step.asksEnough) {
      weighed(step, again);
    }
    if (step.phase != Phase.JUDGING) {
      return;
    }
    if (step.mayRepeat() && again) {
      steps.move(step, Phase.REPEATING);
    } else if (step.mayRepeat()) {
      repeatedEnough(step);
    } else if (again) {
      steps.move(step, Phase.REVISING);
    } else {
      settle(step, StepStatus.SUCCEEDED);
    }
  }

  private void weighed(StepRun each, boolean more) {
    each.asksEnough = false;
    if (more) {
      goOn(each);
      steps.touch(each);
    } else {
      steps.hasEnough(each);
    }
  }

  private void repeatedEnough(StepRun step) {
    step.repeatedEnough = true;
    judgeOrSettle(step);
  }

  private void repetitionScheduled(StepRun step, Instant due) {
    if (step.phase == Phase.REPEATING) {
      step.due = due;
      step.timerCommanded = false;
      steps.move(step, Phase.PAUSING);
    }
  }
}
