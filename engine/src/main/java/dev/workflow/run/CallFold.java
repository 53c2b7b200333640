package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.run.AgentRun.Wish;
import dev.workflow.run.Event.CallVerified;
import dev.workflow.run.Event.DoubtResolved;
import dev.workflow.run.Event.ElicitationAnswered;
import dev.workflow.run.Event.ElicitationAsked;
import dev.workflow.run.Event.ElicitationPostponed;
import dev.workflow.run.Event.ModelCalled;
import dev.workflow.run.Event.ModelFailed;
import dev.workflow.run.Event.ModelReplied;
import dev.workflow.run.Event.ProbePrepared;
import dev.workflow.run.Event.SamplingAnswered;
import dev.workflow.run.Event.SamplingAsked;
import dev.workflow.run.Event.StepInDoubt;
import dev.workflow.run.Event.ToolCalled;
import dev.workflow.run.Event.ToolFailed;
import dev.workflow.run.Event.ToolReturned;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Turn.ToolEnded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the events of calls change: calls open, are answered once, or are lost. */
final class CallFold {

  /** How often a repeatable call is made again in one attempt because its server was lost. */
  private static final int LOST_SERVERS = 1;

  private final RunState run;
  private final Steps steps;

  CallFold(RunState run) {
    this.run = run;
    this.steps = run.steps;
  }

  void called(StepRun step, ToolCalled e) {
    Wish wanted = step.node.kind() == Kind.AGENT ? step.conversation().called() : null;
    step.calls.put(e.call(), new OpenCall(e, wanted, Amount.NONE));
    step.called++;
    run.charge(step, Amount.TOOL_CALL);
    steps.move(step, Phase.CALLING);
  }

  void asked(StepRun step, ModelCalled e) {
    if (e.samples() != null) {
      SamplingFold.asked(run, step, e);
      goOn(step);
      return;
    }
    step.conversation().useModel(e.model());
    Event.TurnBounded bound = step.bound;
    Amount reserved = bound == null ? Amount.of(0, null) : Amount.of(bound.tokens(), bound.cost());
    step.bound = null;
    step.calls.put(e.call(), new OpenCall(e, null, reserved));
    step.called++;
    run.charge(step, Amount.MODEL_CALL);
    run.reserve(step, reserved);
    steps.move(step, Phase.CALLING);
  }

  void returned(StepRun step, ToolReturned e) {
    OpenCall call = step.calls.remove(e.call());
    if (call == null) {
      return;
    }
    if (call.verifies() != null) {
      found(step, call.verifies(), e);
      return;
    }
    StepError broken =
        e.violations().isEmpty()
            ? null
            : new StepError(
                ErrorKind.INVALID_OUTPUT,
                "The output of " + toolOf(call) + " does not fit its schema",
                e.violations());
    if (call.wanted == null) {
      step.content = e.content();
    }
    give(step, call, e.output(), e.content(), broken);
  }

  void failed(StepRun step, ToolFailed e) {
    OpenCall call = step.calls.get(e.call());
    if (call == null) {
      return;
    }
    if (call.postponed) {
      return;
    }
    if (e.possiblyExecuted() && !call.repeatable()) {
      if (call.lost == null) {
        call.lost = e.error().message();
        call.lostBy = e.error();
        call.asked = null;
        call.forgetSampling();
        goOn(step);
      }
      return;
    }
    step.calls.remove(e.call());
    OpenCall asked = call.verifies() == null ? null : step.calls.get(call.verifies());
    if (call.verifies() == null) {
      withoutEffect(step, call, e.error(), e.possiblyExecuted());
    } else if (asked != null) {
      boolean givenUp = e.error().kind() == ErrorKind.CANCELLED;
      asked.probeFailed = givenUp ? null : e.error().message();
      goOn(step);
    }
  }

  /** A call of which nothing is left behind is made again where its server was lost, but once. */
  private void withoutEffect(StepRun step, OpenCall call, StepError error, boolean perhapsLost) {
    boolean givenUp = error.kind() == ErrorKind.CANCELLED;
    boolean lost = perhapsLost && error.kind() == ErrorKind.UNAVAILABLE;
    if (givenUp || (lost && step.lostServers < LOST_SERVERS)) {
      step.lostServers += lost ? 1 : 0;
      again(step, call);
      goOn(step);
    } else {
      give(step, call, null, error);
    }
  }

  void probed(StepRun step, ProbePrepared e) {
    OpenCall call = step.calls.get(e.call());
    if (call != null) {
      call.probe = e.probe();
      steps.touch(step);
    }
  }

  private void found(StepRun step, String asked, ToolReturned e) {
    OpenCall call = step.calls.get(asked);
    if (call != null && e.violations().isEmpty()) {
      call.found = e.output();
    } else if (call != null) {
      call.probeFailed = "its output does not fit: " + String.join("; ", e.violations());
    }
    goOn(step);
  }

  /** A call that took no effect is like one that could be repeated: it is made again. */
  void verified(StepRun step, CallVerified e) {
    OpenCall call = step.calls.remove(e.call());
    if (call == null) {
      return;
    }
    StepError lostBy = call.lostBy;
    if (e.done()) {
      give(step, call, e.output() == null ? Json.text("") : e.output(), null);
    } else if (lostBy == null) {
      again(step, call);
      goOn(step);
    } else {
      withoutEffect(step, call, lostBy, true);
    }
  }

  void replied(StepRun step, ModelReplied e) {
    OpenCall call = step.calls.remove(e.call());
    if (call == null) {
      return;
    }
    ModelReply.Usage usage = e.reply().usage();
    run.usage = run.usage.plus(usage);
    run.release(step, call.reserved);
    run.charge(step, Amount.of(usage.inputTokens() + usage.outputTokens(), e.reply().cost()));
    if (call.samples() == null) {
      step.conversation().replied(e.reply());
    } else {
      SamplingFold.replied(step, call, e);
    }
    goOn(step);
  }

  /** Another model of the alias is tried before the attempt fails. */
  void failed(StepRun step, ModelFailed e) {
    OpenCall call = step.calls.remove(e.call());
    if (call == null) {
      return;
    }
    run.release(step, call.reserved);
    if (e.possiblyBilled()) {
      run.charge(step, call.reserved);
    }
    if (call.samples() != null) {
      SamplingFold.failed(step, call.samples(), e);
      goOn(step);
      return;
    }
    AgentRun agent = step.conversation();
    boolean more =
        step.prepared instanceof Prepared.Conversation conversation
            && agent.model() + 1 < conversation.models();
    if (e.error().kind() != ErrorKind.CANCELLED) {
      if (more) {
        agent.useModel(agent.model() + 1);
      } else {
        step.failure = e.error();
      }
    }
    goOn(step);
  }

  void doubted(StepRun step, StepInDoubt e) {
    OpenCall call = step.calls.get(e.call());
    if (call == null) {
      return;
    }
    call.lost = e.reason();
    call.inDoubt = true;
    call.commanded = false;
    call.asked = null;
    call.forgetSampling();
    call.postponed = false;
    step.reason = e.reason();
    goOn(step);
  }

  /** A probe is no work of the step: nobody is asked for its sake. */
  void wants(StepRun step, ElicitationAsked e) {
    OpenCall call = step.calls.get(e.call());
    if (call != null && call.isAwaited() && call.asked == null && call.verifies() == null) {
      call.asked = e;
      call.askCommanded = false;
      goOn(step);
    }
  }

  void wants(StepRun step, SamplingAsked e) {
    if (SamplingFold.wants(step, e)) {
      goOn(step);
    }
  }

  void told(StepRun step, SamplingAnswered e) {
    if (SamplingFold.told(step, e)) {
      goOn(step);
    }
  }

  void told(StepRun step, ElicitationAnswered e) {
    OpenCall call = step.calls.get(e.call());
    ElicitationAsked asked = call == null ? null : call.asked;
    if (call == null || asked == null || asked.number() != e.number()) {
      return;
    }
    Told.remember(step, call, asked, e);
    call.heard.add(asked);
    call.asked = null;
    if (!call.postponed) {
      call.reply = e;
      goOn(step);
      return;
    }
    step.calls.remove(e.call());
    if (e.reaction() == Event.Reaction.CANCEL) {
      step.givenUp = step.node.kind() == Kind.TOOL;
      String message = "The question of " + toolOf(call) + " was dismissed; it is not called again";
      give(step, call, null, StepError.of(ErrorKind.REJECTED, message));
    } else {
      again(step, call);
      goOn(step);
    }
  }

  void postponed(StepRun step, ElicitationPostponed e) {
    OpenCall call = step.calls.get(e.call());
    if (call != null && call.isAwaited() && call.asked != null) {
      call.postponed = true;
      call.askCommanded = false;
      call.forgetSampling();
      goOn(step);
    }
  }

  void resolved(StepRun step, DoubtResolved e) {
    OpenCall call = step.calls.remove(e.call());
    if (call == null) {
      return;
    }
    switch (e.resolution()) {
      case RETRY -> {
        again(step, call);
        goOn(step);
      }
      case DONE -> give(step, call, e.output() == null ? Json.text("") : e.output(), null);
      case FAIL -> {
        step.givenUp = step.node.kind() == Kind.TOOL;
        give(step, call, null, StepError.of(ErrorKind.UNAVAILABLE, String.valueOf(call.lost)));
      }
    }
  }

  /** A new process: answers that were under way are lost with the old one. */
  void forget(StepRun step) {
    List<OpenCall> open = new ArrayList<>(step.calls.values());
    for (int i = open.size() - 1; i >= 0; i--) {
      OpenCall call = open.get(i);
      call.cancelled = false;
      call.commanded = false;
      call.askCommanded = false;
      call.reply = null;
      call.forgetSampling();
      if (call.lost != null) {
        continue;
      }
      if (call.asked != null) {
        call.postponed = true;
      } else if (call.repeatable()) {
        step.calls.remove(call.event.call());
        run.release(step, call.reserved);
        run.charge(step, call.reserved);
        again(step, call);
      } else {
        call.lost = "The engine ended before the answer of " + toolOf(call) + " was recorded";
      }
    }
    goOn(step);
  }

  private void give(
      StepRun step, OpenCall call, @Nullable JsonNode output, @Nullable StepError error) {
    give(step, call, output, null, error);
  }

  private void give(
      StepRun step,
      OpenCall call,
      @Nullable JsonNode output,
      @Nullable JsonNode content,
      @Nullable StepError error) {
    Wish wanted = call.wanted;
    if (wanted == null) {
      step.answer = error == null ? output : null;
      step.failure = error;
    } else if (error != null && error.isRefusal()) {
      step.failure = error;
    } else {
      step.conversation().toolEnded(ended(wanted.call(), output, content, error));
    }
    goOn(step);
  }

  private static ToolEnded ended(
      WantedCall wanted,
      @Nullable JsonNode output,
      @Nullable JsonNode content,
      @Nullable StepError error) {
    if (error == null) {
      return new ToolEnded(wanted.id(), wanted.name(), output, content, null);
    }
    String details = error.details().isEmpty() ? "" : ": " + String.join("; ", error.details());
    return new ToolEnded(wanted.id(), wanted.name(), null, error.message() + details);
  }

  private static void again(StepRun step, OpenCall call) {
    if (call.wanted != null) {
      step.conversation().again(call.wanted);
    }
  }

  /** After an answer: the next call when none is awaited, else the others first. */
  private void goOn(StepRun step) {
    Phase next = step.phase.hasCalls() ? next(step) : step.phase;
    if (next == step.phase) {
      steps.touch(step);
      return;
    }
    if (next == Phase.CONSULTING) {
      step.consulting = run.now;
    } else if (step.phase == Phase.CONSULTING) {
      extend(step);
    }
    step.goesOn |= next == Phase.READY;
    steps.move(step, next);
  }

  /** Where a step stands whose calls are what it is about. */
  private static Phase next(StepRun step) {
    if (step.calls.isEmpty()) {
      return step.phase.holdsSlot() ? Phase.RUNNING : Phase.READY;
    }
    boolean consults = false;
    boolean doubts = false;
    boolean works = false;
    for (OpenCall call : step.calls.values()) {
      consults |= call.consults();
      doubts |= call.inDoubt;
      works |= !call.consults() && !call.isLeft();
    }
    if (works) {
      return Phase.CALLING;
    }
    return consults ? Phase.CONSULTING : doubts ? Phase.IN_DOUBT : Phase.POSTPONED;
  }

  /** The time that people took is not the agent's. */
  private void extend(StepRun step) {
    Instant since = step.consulting;
    step.consulting = null;
    if (since != null && step.due != null && run.now.isAfter(since)) {
      step.due = step.due.plus(Duration.between(since, run.now));
      step.timerCommanded = false;
    }
  }

  private static String toolOf(OpenCall call) {
    return call.event instanceof ToolCalled tool ? tool.server() + "/" + tool.tool() : "the model";
  }
}
