package dev.workflow.run;

import dev.workflow.definition.Durations;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.OnError;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import dev.workflow.run.Plan.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows from the state of a run. Pure: the same journal gives the same decisions. It
 * looks only at the steps that the last events touched, so a second question without an event
 * between has an empty answer.
 */
public final class Decider {
  private final RunState run;
  private final Steps steps;
  private final CallDecider calls;

  /** Those that are asked whether they have enough, once all else that is known is recorded. */
  private final List<Command> weighed = new ArrayList<>();

  /** Steps that are to be looked at again when what was decided on has come about. */
  private final List<StepRun> postponed = new ArrayList<>();

  /** Decides for the run whose state this is. */
  public Decider(RunState run) {
    this.run = run;
    this.steps = run.steps;
    this.calls = new CallDecider(run);
  }

  /**
   * What is to be done now. The events are to be recorded, and the commands that need nothing from
   * outside answered, before the next question; a slot is given away when nothing else is left to
   * decide.
   */
  public Decision decide() {
    List<Event> events = new ArrayList<>();
    List<Command> commands = new ArrayList<>();
    calls.begin();
    if (run.status == RunStatus.RUNNING && !run.closing) {
      events.addAll(run.near);
    }
    for (StepRun step = steps.nextTouched(); step != null; step = steps.nextTouched()) {
      decide(step, events, commands);
    }
    commands.addAll(weighed);
    weighed.clear();
    postponed.forEach(steps::touch);
    postponed.clear();
    if (events.isEmpty() && commands.isEmpty()) {
      start(events);
    }
    if (events.isEmpty() && commands.isEmpty()) {
      close(events, commands);
    }
    if (events.isEmpty() && commands.isEmpty() && run.status == RunStatus.RUNNING && !run.closing) {
      commands.addAll(run.clock.looks(run.now));
    }
    return new Decision(events, commands);
  }

  /** Gives a free slot to the ready step with the longest way before it. */
  private void start(List<Event> events) {
    StepRun next = steps.nextReady();
    if (next != null && run.mayStart() && steps.slotsTaken() < run.limits.concurrency()) {
      events.add(new Event.StepStarted(next.path, next.goesOn ? next.attempt : next.attempt + 1));
    }
  }

  /**
   * Ends the run when all has ended and what is to be undone is, and pauses it when a limit holds
   * it and nothing is under way.
   */
  private void close(List<Event> events, List<Command> commands) {
    if (run.closing || run.status != RunStatus.RUNNING) {
      return;
    }
    boolean ended = steps.allEnded();
    StepRun undone = ended && undoes(finalStatus()) ? steps.nextToUndo() : null;
    if (ended && undone == null) {
      run.closing = true;
      commands.add(new Command.Finish(finalStatus()));
    } else if (undone != null && run.limitReached == null) {
      events.add(new Event.UndoStarted(undone.path));
    } else if (run.limitReached != null && nothingAwaited()) {
      run.closing = true;
      commands.add(new Command.Pause(RunStatus.STOPPED, String.valueOf(run.limitMessage)));
    }
  }

  private boolean undoes(RunStatus outcome) {
    return outcome == RunStatus.FAILED
        || (outcome == RunStatus.CANCELLED && run.undoesWhenCancelled);
  }

  private boolean nothingAwaited() {
    return run.openSteps().stream().allMatch(step -> step.awaited() == 0);
  }

  private RunStatus finalStatus() {
    if (run.cancelling) {
      return RunStatus.CANCELLED;
    }
    return decisiveFailures(steps.outermost()).isEmpty() ? RunStatus.SUCCEEDED : RunStatus.FAILED;
  }

  /** The failed steps of a graph that nobody has accepted the failure of. */
  private static List<StepRun> decisiveFailures(Scope scope) {
    return decisive(Arrays.stream(scope.current)).toList();
  }

  private static Stream<StepRun> decisive(Stream<StepRun> steps) {
    return steps.filter(step -> step.status() == StepStatus.FAILED && step.failsOthers());
  }

  private void decide(StepRun step, List<Event> events, List<Command> commands) {
    if (run.status != RunStatus.RUNNING || run.closing) {
      return;
    }
    if ((run.cancels(step) || step.isUnwanted()) && cancels(step)) {
      events.add(new Event.StepCancelled(step.path));
      return;
    }
    StepError outOfTime = waits(step) ? run.outOfTime(step) : null;
    if (outOfTime != null) {
      events.add(new Event.AttemptFailed(step.path, step.attempt, outOfTime));
      return;
    }
    switch (step.phase) {
      case BEHIND, ENDED -> {}
      case READY -> {
        if (step.returned) {
          commands.addAll(timer(step));
        }
      }
      case DUE -> due(step, events, commands);
      case PREPARED -> prepared(step, events);
      case RUNNING, CALLING, CONSULTING -> calls.decide(step, events, commands);
      case POSTPONED -> calls.askAgain(step, events, commands);
      case FANNED_OUT -> fannedOut(step, events);
      case OPEN -> open(step, events, commands);
      case ASKING -> {
        commands.addAll(ask(step));
        commands.addAll(timer(step));
      }
      case REFERRED -> commands.addAll(refer(step));
      case SLEEPING, BACKING_OFF, PAUSING -> commands.addAll(timer(step));
      case IN_DOUBT -> {
        calls.askAboutDoubts(step, commands);
        calls.askAgain(step, events, commands);
      }
      case FAILING -> failing(step, events, commands);
      case REPLANNING -> replanning(step, commands);
      case PLANNING -> planning(step, events, commands);
      case DELEGATING -> delegating(step, events, commands);
      case JUDGING -> commands.add(new Command.Judge(step.path, condition(step)));
      case REPEATING -> repeating(step, events, commands);
      case REVISING -> revising(step, events, commands);
    }
  }

  /** Whether a cancellation ends the step at once; calls under way are waited for. */
  private static boolean cancels(StepRun step) {
    return switch (step.phase) {
      case BEHIND, ENDED, CALLING, CONSULTING, POSTPONED, IN_DOUBT -> false;
      case FANNED_OUT -> step.openElements == 0;
      case OPEN -> step.body == null || step.body.open == 0;
      case PLANNING -> step.replanning == null || step.replanning.open == 0;
      case DELEGATING -> step.subplan == null || step.subplan.scope().open == 0;
      case DUE,
          PREPARED,
          READY,
          RUNNING,
          ASKING,
          SLEEPING,
          FAILING,
          REFERRED,
          REPLANNING,
          BACKING_OFF,
          JUDGING,
          REPEATING,
          PAUSING,
          REVISING ->
          true;
    };
  }

  /** Whether it waits for a time or a slot, and nothing that it was given is left to be seen to. */
  private static boolean waits(StepRun step) {
    boolean forTime = step.phase.takesTime() && !step.phase.holdsSlot();
    return forTime || (step.phase == Phase.READY && !step.goesOn);
  }

  /** All sources have ended: skip or block where one is missing, else evaluate. */
  private void due(StepRun step, List<Event> events, List<Command> commands) {
    Set<String> blockedBy = new LinkedHashSet<>();
    Set<String> skippedBy = new LinkedHashSet<>();
    if (step.parent == null) {
      for (Edge edge : step.node.edges()) {
        needs(step.scope.current[edge.source()], edge.kind(), blockedBy, skippedBy);
      }
    }
    if (!blockedBy.isEmpty()) {
      events.add(new Event.StepBlocked(step.path, List.copyOf(blockedBy)));
    } else if (!skippedBy.isEmpty()) {
      events.add(skippedWith(step, skippedBy));
    } else if (run.limitReached == null) {
      commands.add(new Command.Prepare(step.path));
    }
  }

  private static void needs(
      StepRun source, EdgeKind kind, Set<String> blockedBy, Set<String> skippedBy) {
    boolean matters = kind == EdgeKind.NEED || kind == EdgeKind.OPTIONAL_NEED;
    switch (source.status()) {
      case FAILED, BLOCKED, CANCELLED -> {
        if (matters) {
          blockedBy.add(source.node.id());
        }
      }
      case SKIPPED -> {
        if (kind == EdgeKind.NEED) {
          skippedBy.add(source.node.id());
        }
      }
      case SUCCEEDED, PENDING, RUNNING, WAITING, IN_DOUBT -> {}
    }
  }

  private static Event skippedWith(StepRun step, Set<String> sources) {
    return new Event.StepSkipped(
        step.path, "needs " + String.join(", ", sources) + ", which was skipped");
  }

  private void prepared(StepRun step, List<Event> events) {
    if (step.failure != null) {
      events.add(new Event.AttemptFailed(step.path, step.attempt, step.failure));
    } else if (step.answer != null) {
      events.add(new Event.StepSucceeded(step.path, step.answer));
    } else if (step.prepared instanceof Prepared.Skip skip) {
      events.add(new Event.StepSkipped(step.path, skip.reason()));
    } else if (step.prepared instanceof Prepared.Missing missing) {
      events.add(without(step, missing.sources()));
    } else if (step.prepared instanceof Prepared.Question question) {
      events.add(
          new Event.QuestionAsked(step.path, question.text(), question.form(), deadline(step)));
    } else if (step.prepared instanceof Prepared.Until until) {
      events.add(new Event.WaitStarted(step.path, until.due()));
    }
  }

  /** An expression cannot be decided: blocked wins over skipped. */
  private static Event without(StepRun step, List<String> sources) {
    Set<String> failed = new LinkedHashSet<>();
    for (String source : sources) {
      StepRun found = step.scope.find(source);
      if (found == null || found.status() != StepStatus.SKIPPED) {
        failed.add(source);
      }
    }
    return failed.isEmpty()
        ? skippedWith(step, new LinkedHashSet<>(sources))
        : new Event.StepBlocked(step.path, List.copyOf(failed));
  }

  private @Nullable Instant deadline(StepRun step) {
    return step.node.timeout() == null ? null : run.now.plus(step.node.timeout());
  }

  private static List<Command> ask(StepRun step) {
    if (step.askCommanded || !(step.prepared instanceof Prepared.Question question)) {
      return List.of();
    }
    step.askCommanded = true;
    return List.of(new Command.AskPerson(step.path, question.text(), question.form()));
  }

  private static List<Command> refer(StepRun step) {
    if (step.askCommanded || step.error == null) {
      return List.of();
    }
    step.askCommanded = true;
    return List.of(new Command.AskAboutFailure(step.path, step.error));
  }

  static List<Command> timer(StepRun step) {
    if (step.due == null || step.timerCommanded) {
      return List.of();
    }
    step.timerCommanded = true;
    return List.of(new Command.SetTimer(step.path, step.attempt, step.due));
  }

  private void fannedOut(StepRun each, List<Event> events) {
    boolean allBegun = each.hasEnough || each.elements.size() == each.items().size();
    if (each.openElements > 0 || !allBegun) {
      if (each.asksEnough && !run.cancels(each) && !each.isUnwanted()) {
        weighed.add(new Command.Judge(each.path, Command.Condition.ENOUGH));
      }
      return;
    }
    if (each.hasEnough) {
      events.add(new Event.StepSucceeded(each.path, null));
      return;
    }
    Set<String> blockedBy = new LinkedHashSet<>();
    List<StepInfo.ElementError> errors = StepInfo.of(each).errors();
    for (StepRun element : each.elements) {
      blockedBy.addAll(element.blockedBy);
    }
    if (!blockedBy.isEmpty()) {
      events.add(new Event.StepBlocked(each.path, List.copyOf(blockedBy)));
    } else if (decisive(each.elements.stream()).findAny().isPresent()) {
      boolean goesAnotherWay = each.node.onError() instanceof OnError.Replan;
      StepError error = elementsFailed(each, errors);
      if (!goesAnotherWay) {
        events.add(new Event.StepFailed(each.path, error));
      } else if (run.limitReached == null) {
        events.add(new Event.ReplanStarted(each.path, error));
      }
    } else {
      events.add(new Event.StepSucceeded(each.path, null));
    }
  }

  /** A container ends when its steps have; while it gives up, they are being stopped. */
  private void open(StepRun container, List<Event> events, List<Command> commands) {
    Scope body = container.body;
    if (body == null || body.open > 0) {
      commands.addAll(timer(container));
      return;
    }
    List<StepRun> failures = decisiveFailures(body);
    if (container.timedOut) {
      events.add(
          new Event.AttemptFailed(container.path, container.attempt, overdue(container.node)));
    } else if (container.failure != null) {
      events.add(new Event.AttemptFailed(container.path, container.attempt, container.failure));
    } else if (!failures.isEmpty()) {
      events.add(
          new Event.AttemptFailed(container.path, container.attempt, insideFailed(failures)));
    } else {
      commands.add(new Command.Conclude(container.path));
    }
  }

  private static StepError overdue(Plan.Node container) {
    Duration timeout = container.timeout();
    String bound = timeout == null ? "its time" : Durations.text(timeout);
    return StepError.of(ErrorKind.TIMEOUT, "Not done within " + bound);
  }

  /** The kind is that of the first failure, so that a retry can tell what is worth one. */
  private static StepError insideFailed(List<StepRun> failures) {
    StepError first = failures.get(0).error;
    ErrorKind kind = first == null ? ErrorKind.UNAVAILABLE : first.kind();
    return new StepError(
        kind,
        failures.size() == 1 ? message(failures.get(0)) : failures.size() + " of its steps failed",
        failures.size() == 1
            ? (first == null ? List.of() : first.details())
            : failures.stream().limit(20).map(Decider::message).toList());
  }

  /** Of what failed further inside, only that is told. */
  private static String message(StepRun failed) {
    String message = failed.error == null ? "" : failed.error.message();
    return message.startsWith(failed.path + "/") ? message : failed.path + " failed: " + message;
  }

  private static StepError elementsFailed(StepRun each, List<StepInfo.ElementError> errors) {
    return new StepError(
        ErrorKind.ELEMENT_FAILED,
        errors.size() + " of " + each.elements.size() + " elements failed",
        errors.stream()
            .limit(20)
            .map(failed -> each.path.element(failed.key()) + ": " + failed.error().message())
            .toList());
  }

  /** After a failed attempt: another one, another value, or the end. */
  private void failing(StepRun step, List<Event> events, List<Command> commands) {
    StepError error = error(step);
    if (step.decided != null) {
      events.add(followed(step, step.decided, error));
      return;
    }
    boolean again =
        step.retries < step.node.retry().max()
            && step.node.retry().on().contains(error.kind())
            && !givenUp(step)
            && mayTryAgain(step.node.kind());
    if (again && run.limitReached == null) {
      commands.add(new Command.DrawBackoff(step.path, step.retries + 1, step.node.retry()));
    } else if (!again) {
      forGood(step, error, events, commands);
    }
  }

  private static StepError error(StepRun step) {
    if (step.error == null) {
      throw new IllegalStateException(step.path + " fails without an error");
    }
    return step.error;
  }

  /** One change of plan at a time, so that each is counted before the next is decided on. */
  private void replanning(StepRun step, List<Command> commands) {
    if (!changesPlan(commands)) {
      StepError error = error(step);
      commands.add(
          new Command.Replan(
              step.path, error, run.refusalToReplan(step, error), run.refusalToPlan(step)));
    } else {
      postponed.add(step);
    }
  }

  private static boolean changesPlan(List<Command> commands) {
    return commands.stream()
        .anyMatch(
            command -> command instanceof Command.Replan || command instanceof Command.Revise);
  }

  /** Once another plan was written and approved, it is gone over to, if it still may. */
  private void planning(StepRun step, List<Event> events, List<Command> commands) {
    Scope replanning = step.replanning;
    if (replanning == null || replanning.open > 0) {
      return;
    }
    List<StepRun> failures = decisiveFailures(replanning);
    String refusal = failures.isEmpty() ? run.refusalToReplan(step, error(step)) : null;
    if (refusal != null) {
      events.add(new Event.StepFailed(step.path, without(error(step), refusal)));
    } else if (failures.isEmpty() && changesPlan(commands)) {
      postponed.add(step);
    } else if (failures.isEmpty()) {
      commands.add(new Command.Revise(step.path, error(step)));
    } else {
      events.add(new Event.StepFailed(step.path, without(error(step), failures.get(0))));
    }
  }

  /** An agent goes on when its plan has ended; out of time, it fails when all inside is stopped. */
  private static void delegating(StepRun agent, List<Event> events, List<Command> commands) {
    Subplan subplan = agent.subplan;
    if (subplan == null || subplan.scope().open > 0) {
      commands.addAll(timer(agent));
    } else if (agent.timedOut) {
      events.add(CallDecider.timedOut(agent));
    } else if (agent.failure != null) {
      events.add(new Event.AttemptFailed(agent.path, agent.attempt, agent.failure));
    } else {
      events.add(new Event.SubplanEnded(agent.path, subplan.wanted().id()));
    }
  }

  private static StepError without(StepError error, String refusal) {
    List<String> details = new ArrayList<>(error.details());
    details.add("No other way: " + refusal);
    return new StepError(error.kind(), error.message(), details);
  }

  /** The failure, and why there is no other way. */
  private static StepError without(StepError error, StepRun planner) {
    List<String> details = new ArrayList<>(error.details());
    details.add("No other plan: " + message(planner));
    details.addAll(planner.error == null ? List.of() : planner.error.details());
    return new StepError(error.kind(), error.message(), details);
  }

  /**
   * What a failure means that nothing is tried against any more. Whatever the author says of
   * failures was not said of a tool that turned into another one: a person decides.
   */
  private void forGood(StepRun step, StepError error, List<Event> events, List<Command> commands) {
    boolean calls = step.node.kind() == Kind.AGENT || step.node.kind() == Kind.TOOL;
    if (error.kind() == ErrorKind.TOOL_CHANGED && calls && !step.fansOut()) {
      events.add(new Event.FailureAsked(step.path, error));
      return;
    }
    switch (step.node.onError()) {
      case OnError.Output output -> commands.add(new Command.Recover(step.path, error));
      case OnError.Ask ask -> events.add(new Event.FailureAsked(step.path, error));
      case OnError.Replan replan -> {
        if (run.limitReached == null) {
          events.add(new Event.ReplanStarted(step.path, error));
        }
      }
      case OnError.Continue goOn -> events.add(new Event.StepFailed(step.path, error));
      case OnError.Fail fail -> events.add(new Event.StepFailed(step.path, error));
    }
  }

  /** What a person decided, but for another try, which begins with the decision itself. */
  private static Event followed(StepRun step, Event.FailureAnswered decided, StepError error) {
    return decided.decision() == Event.WayOut.OUTPUT
        ? new Event.StepSucceeded(step.path, decided.output())
        : new Event.StepFailed(step.path, error);
  }

  /** Whether a person has decided that a lost call counts as failed, here or inside. */
  private static boolean givenUp(StepRun step) {
    return step.givenUp
        || decisive(step.elements.stream()).anyMatch(Decider::givenUp)
        || (step.body != null && decisiveFailures(step.body).stream().anyMatch(Decider::givenUp));
  }

  private static boolean mayTryAgain(Kind kind) {
    return kind == Kind.AGENT || kind == Kind.TOOL || kind.contains();
  }

  /** First its own repetitions, then the revision of others. */
  private static Command.Condition condition(StepRun step) {
    return step.mayRepeat() ? Command.Condition.REPEAT : Command.Condition.REVISE;
  }

  private void repeating(StepRun step, List<Event> events, List<Command> commands) {
    Plan.Repeat repeat = step.node.repeat();
    if (repeat == null) {
      throw new IllegalStateException(step.path + " repeats nothing");
    }
    if (step.decided != null && step.error != null) {
      events.add(followed(step, step.decided, step.error));
    } else if (step.repetitions < repeat.max() + step.grantedRuns) {
      if (run.limitReached == null) {
        events.add(
            new Event.RepetitionScheduled(
                step.path, step.repetitions + 1, run.now.plus(repeat.every())));
      }
    } else if (repeat.continueWhenUsedUp()) {
      events.add(new Event.RepetitionsUsedUp(step.path));
    } else {
      forGood(
          step,
          StepError.of(
              ErrorKind.REPETITIONS_USED_UP,
              "The condition of its repeat does not hold after "
                  + counted(step.repetitions, "run")),
          events,
          commands);
    }
  }

  private static String counted(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private void revising(StepRun judge, List<Event> events, List<Command> commands) {
    Plan.Revise revise = judge.node.revise();
    if (revise == null) {
      throw new IllegalStateException(judge.path + " revises nothing");
    }
    int done = judge.revisions;
    if (judge.decided != null && judge.error != null) {
      events.add(followed(judge, judge.decided, judge.error));
    } else if (done < revise.max() + judge.grantedRevisions) {
      if (run.limitReached == null) {
        events.add(new Event.RevisionStarted(judge.path, done + 1));
      }
    } else if (revise.continueWhenUsedUp()) {
      events.add(new Event.RevisionsUsedUp(judge.path));
    } else {
      forGood(
          judge,
          StepError.of(
              ErrorKind.REVISIONS_USED_UP,
              "The verdict still asks for a revision of "
                  + judge.scope.graph.nodes().get(revise.target()).id()
                  + " after "
                  + counted(done, "revision")),
          events,
          commands);
    }
  }
}
