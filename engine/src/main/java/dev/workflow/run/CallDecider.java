package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Resource;
import dev.workflow.run.AgentRun.Wish;
import dev.workflow.run.Event.ModelCalled;
import dev.workflow.run.Event.ToolCalled;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Plan.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides about steps that hold a slot: the next call, the end of the attempt, or a doubt. */
final class CallDecider {
  private final RunState run;
  private final Purse purse;
  private final SamplingDecider sampling;

  CallDecider(RunState run) {
    this.run = run;
    this.purse = new Purse(run);
    this.sampling = new SamplingDecider(run, purse);
  }

  /** A new decision. */
  void begin() {
    purse.begin();
  }

  void decide(StepRun step, List<Event> events, List<Command> commands) {
    if (step.node.kind() == Kind.AGENT && step.phase != Phase.CONSULTING) {
      commands.addAll(Decider.timer(step));
    }
    if (step.phase == Phase.CALLING || step.phase == Phase.CONSULTING) {
      calling(step, events, commands);
    } else if (step.failure != null) {
      fail(step, step.failure, events);
    } else if (step.timedOut) {
      events.add(timedOut(step));
    } else if (step.node.kind() == Kind.AGENT) {
      converse(step, events, commands);
    } else {
      callTool(step, events);
    }
  }

  static Event timedOut(StepRun step) {
    return new Event.AttemptFailed(
        step.path,
        step.attempt,
        StepError.of(ErrorKind.TIMEOUT, "No answer within " + step.node.timeout()));
  }

  /** Orders what was opened, gives up what is not wanted any more, and records doubts. */
  private void calling(StepRun step, List<Event> events, List<Command> commands) {
    boolean unwanted =
        step.timedOut
            || run.cancels(step)
            || step.isUnwanted()
            || outOfTime()
            || run.outOfTime(step) != null;
    for (OpenCall call : step.calls.values()) {
      if (call.lost != null) {
        if (!call.inDoubt) {
          lost(step, call, call.lost, events, commands);
        }
      } else if (SamplingDecider.isLeftOver(step, call)) {
        SamplingDecider.giveUp(step, call, events, commands);
      } else if (!call.commanded) {
        call.commanded = true;
        commands.add(order(step, call));
      } else if (!unwanted) {
        attend(step, call, events, commands);
        sampling.attend(step, call, events, commands);
      }
      boolean mayGo = call.verifies() == null || outOfTime();
      if (call.lost == null && unwanted && mayGo && !call.cancelled) {
        call.cancelled = true;
        commands.add(new Command.CancelCall(step.path, call.event.call()));
      }
    }
  }

  /** Has a person asked what a server wants, and the server told what was answered. */
  private static void attend(
      StepRun step, OpenCall call, List<Event> events, List<Command> commands) {
    Event.ElicitationAnswered reply = call.reply;
    if (reply != null) {
      call.reply = null;
      commands.add(
          new Command.TellServer(
              step.path, reply.call(), reply.number(), reply.reaction(), reply.content()));
    }
    Event.ElicitationAsked asked = call.asked;
    if (asked == null) {
      return;
    }
    Told known = Told.before(step, call, asked);
    if (known != null && (!call.postponed || call.repeatable())) {
      events.add(known.again(asked));
    } else if (!call.askCommanded) {
      call.askCommanded = true;
      commands.add(new Command.AskForServer(step.path, asked.call(), asked.number()));
    }
  }

  /**
   * Has people asked for the sake of calls that were given up. Where the step is not wanted any
   * more, they need not be; what those calls may have done has to be told then.
   */
  void askAgain(StepRun step, List<Event> events, List<Command> commands) {
    boolean unwanted = run.cancels(step) || step.isUnwanted();
    boolean doubts = step.calls.values().stream().anyMatch(call -> call.inDoubt);
    for (OpenCall call : step.calls.values()) {
      if (call.postponed && !unwanted) {
        attend(step, call, events, commands);
      } else if (call.postponed && !call.repeatable()) {
        doubts = true;
        events.add(
            new Event.StepInDoubt(
                step.path, call.event.call(), "The call was given up while its server asked"));
      }
    }
    if (unwanted && !doubts) {
      events.add(new Event.StepCancelled(step.path));
    }
  }

  private boolean outOfTime() {
    return "time".equals(run.limitReached);
  }

  /** A call without an answer is a doubt, unless a probe can tell what became of it. */
  private void lost(
      StepRun step, OpenCall call, String reason, List<Event> events, List<Command> commands) {
    String id = call.event.call();
    Prepared.Call probe = call.probe;
    if (!step.node.verifies()) {
      events.add(new Event.StepInDoubt(step.path, id, reason));
    } else if (call.found != null) {
      commands.add(new Command.VerifyCall(step.path, id, reason, call.found));
    } else if (call.probeFailed != null) {
      String message = reason + "; and its verify failed: " + call.probeFailed;
      events.add(new Event.StepInDoubt(step.path, id, message));
    } else if (probe == null) {
      commands.add(new Command.PrepareProbe(step.path, id, reason));
    } else if (step.calls.values().stream().noneMatch(open -> id.equals(open.verifies()))) {
      probe(step, id, reason, probe, events);
    }
  }

  /** Where its own budget has nothing left for a probe, the doubt remains. */
  private void probe(
      StepRun step, String call, String reason, Prepared.Call probe, List<Event> events) {
    List<Budget> budgets = run.budgets(step);
    for (Budget budget : budgets.subList(0, budgets.size() - 1)) {
      Resource exceeded = budget.exceededBy(Amount.TOOL_CALL);
      if (exceeded != null) {
        String message = budget.exceeded(exceeded, Amount.TOOL_CALL, null);
        events.add(
            new Event.StepInDoubt(
                step.path, call, reason + "; and there is no call left to verify it: " + message));
        return;
      }
    }
    if (mayCall(step, Amount.TOOL_CALL, false, events)) {
      events.add(called(step, nextCall(step, events), probe, call));
    }
  }

  private static ToolCalled called(
      StepRun step, String id, Prepared.Call call, @Nullable String verifies) {
    return new ToolCalled(
        step.path,
        id,
        step.attempt,
        call.server(),
        call.tool(),
        call.arguments(),
        call.argumentsHash(),
        call.digest(),
        call.effect(),
        call.key(),
        verifies);
  }

  /** The command that makes a call which was recorded. */
  static Command order(StepRun step, OpenCall call) {
    if (call.event instanceof ToolCalled tool) {
      return new Command.CallTool(
          step.path,
          tool.attempt(),
          tool.call(),
          tool.server(),
          tool.tool(),
          tool.arguments(),
          tool.digest(),
          tool.effect(),
          tool.key(),
          tool.verifies() != null,
          step.node.kind() == Kind.TOOL ? step.node.timeout() : null);
    }
    if (call.event instanceof ModelCalled asked && asked.samples() != null) {
      return SamplingDecider.order(step, asked);
    }
    if (call.event instanceof ModelCalled asked
        && step.prepared instanceof Prepared.Conversation conversation) {
      return new Command.CallModel(
          step.path,
          asked.call(),
          conversation,
          step.conversation().transcript(),
          asked.turn(),
          asked.model());
    }
    throw new IllegalStateException(step.path + " has an open call of an unknown kind");
  }

  void askAboutDoubts(StepRun step, List<Command> commands) {
    for (OpenCall call : step.calls.values()) {
      if (call.inDoubt && call.lost != null && !call.commanded) {
        call.commanded = true;
        commands.add(new Command.AskAboutDoubt(step.path, call.event.call(), call.lost));
      }
    }
  }

  private void callTool(StepRun step, List<Event> events) {
    if (step.answer != null) {
      events.add(new Event.StepSucceeded(step.path, step.answer));
    } else if (step.prepared instanceof Prepared.Call call
        && hasTime(step, events)
        && mayCall(step, Amount.TOOL_CALL, true, events)) {
      events.add(called(step, callId(step, 0), call, null));
    }
  }

  private void converse(StepRun step, List<Event> events, List<Command> commands) {
    AgentRun agent = step.conversation();
    StepError guard = agent.guard();
    ModelReply answer = agent.answer();
    if (guard != null) {
      fail(step, guard, events);
    } else if (answer != null && answer.violations().isEmpty()) {
      events.add(
          new Event.StepSucceeded(
              step.path, answer.output() == null ? Json.text(answer.text()) : answer.output()));
    } else if (!hasTime(step, events)) {
      return;
    } else if (!agent.wanted().isEmpty()) {
      callTools(step, agent.wanted(), events);
    } else if (answer != null && !agent.mayRepair()) {
      fail(
          step,
          new StepError(
              ErrorKind.INVALID_OUTPUT,
              "The answer does not fit the output schema after "
                  + AgentRun.MAX_REPAIRS
                  + " repairs",
              answer.violations()),
          events);
    } else if (run.limitReached == null) {
      askModel(step, agent, events, commands);
    }
  }

  /**
   * Whether nothing that the call is paid from has used up its time. By its own and its agent's the
   * step fails; what is around it stops it.
   */
  private boolean hasTime(StepRun step, List<Event> events) {
    StepError outOfTime = run.outOfTime(step);
    if (outOfTime != null) {
      fail(step, outOfTime, events);
    }
    return outOfTime == null && !run.willBeStopped(step);
  }

  /** Where tokens or money are bounded, what the call can take is found out first. */
  private void askModel(StepRun step, AgentRun agent, List<Event> events, List<Command> commands) {
    Event.TurnBounded bound = step.bound;
    boolean bounded = run.budgets(step).stream().anyMatch(Budget::boundsTurns);
    if (bound == null && bounded && step.prepared instanceof Prepared.Conversation conversation) {
      commands.add(
          new Command.BoundTurn(
              step.path, conversation, agent.transcript(), agent.nextTurn(), agent.model()));
      return;
    }
    Amount amount =
        bound == null ? Amount.MODEL_CALL : Amount.of(bound.tokens(), bound.cost()).withModelCall();
    if (mayCall(step, amount, true, events)) {
      events.add(
          new ModelCalled(
              step.path, callId(step, 0), step.attempt, agent.nextTurn(), agent.model()));
    }
  }

  /** Tools side by side; a plan alone, when all that was asked for before it is answered. */
  private void callTools(StepRun step, List<Wish> wanted, List<Event> events) {
    for (int i = 0; i < wanted.size(); i++) {
      if (wanted.get(i).call().runsPlan()) {
        if (i == 0 && !purse.isEmpty()) {
          events.add(new Event.SubplanStarted(step.path, wanted.get(i).call().id()));
        }
        return;
      }
      if (!mayCall(step, Amount.TOOL_CALL, i == 0, events)) {
        return;
      }
      WantedCall call = wanted.get(i).call();
      events.add(
          new ToolCalled(
              step.path,
              callId(step, i),
              step.attempt,
              call.server(),
              call.tool(),
              call.arguments(),
              call.argumentsHash(),
              call.digest(),
              call.effect(),
              CallKey.of(run.start().run(), step.path, step.attempt + "." + wanted.get(i).place()),
              null));
    }
  }

  /**
   * Whether one more call fits into every budget it is paid from; if so, it is planned. What the
   * run may use up is the same for all: its end stops the run. A step fails by its own.
   *
   * @param fails whether the step fails when its own budget is used up; else its earlier calls end
   *     first
   */
  private boolean mayCall(StepRun step, Amount amount, boolean fails, List<Event> events) {
    String model = step.bound == null ? null : step.bound.model();
    return switch (purse.take(step, amount, model)) {
      case Purse.Taken.YES -> true;
      case Purse.Taken.NOT_NOW -> false;
      case Purse.Exceeded exceeded -> {
        if (exceeded.ofRun()) {
          purse.end(exceeded, events);
        } else if (fails) {
          fail(step, StepError.of(ErrorKind.LIMIT, exceeded.message()), events);
        }
        yield false;
      }
    };
  }

  private void fail(StepRun step, StepError error, List<Event> events) {
    events.add(new Event.AttemptFailed(step.path, step.attempt, error));
  }

  /** The id of the next call, those among them that are decided on but not recorded. */
  static String nextCall(StepRun step, List<Event> events) {
    int ahead = 0;
    for (Event event : events) {
      boolean calls = event instanceof ToolCalled || event instanceof ModelCalled;
      ahead += calls && event instanceof Event.OfCall of && of.step().equals(step.path) ? 1 : 0;
    }
    return callId(step, ahead);
  }

  /** Calls are numbered in their step; {@code ahead} of them are decided on but not recorded. */
  private static String callId(StepRun step, int ahead) {
    return step.path + "#" + (step.called + 1 + ahead);
  }
}
