package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.run.Event.ModelCalled;
import dev.workflow.run.Event.SamplingAnswered;
import dev.workflow.run.Event.SamplingAsked;
import dev.workflow.run.Event.ToolCalled;
import dev.workflow.run.OpenCall.Sampling;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides about what servers want models asked in the midst of a call. It is paid from what the
 * step's own calls are; where that allows none, the server is told so, and its call goes on.
 */
final class SamplingDecider {
  private final RunState run;
  private final Purse purse;

  SamplingDecider(RunState run, Purse purse) {
    this.run = run;
    this.purse = purse;
  }

  /** Whether a model is asked for a call that has ended, or wants it no more. */
  static boolean isLeftOver(StepRun step, OpenCall call) {
    if (call.samples() == null) {
      return false;
    }
    OpenCall server = step.calls.get(call.samples());
    return server == null
        || server.sampling == null
        || !call.event.call().equals(server.sampling.asking);
  }

  /** Nobody waits for the reply. What was not sent yet costs nothing. */
  static void giveUp(StepRun step, OpenCall call, List<Event> events, List<Command> commands) {
    if (!call.commanded) {
      events.add(
          new Event.ModelFailed(
              step.path,
              call.event.call(),
              StepError.of(ErrorKind.CANCELLED, "The call that wanted it has ended"),
              false));
    } else if (!call.cancelled) {
      call.cancelled = true;
      commands.add(new Command.CancelCall(step.path, call.event.call()));
    }
  }

  /** The command that asks a model for a server. */
  static Command order(StepRun step, ModelCalled asked) {
    OpenCall call = Objects.requireNonNull(step.calls.get(String.valueOf(asked.samples())));
    if (call.event instanceof ToolCalled by && call.sampling != null) {
      return new Command.Sample(step.path, asked.call(), by, call.sampling.asked, asked.model());
    }
    throw new IllegalStateException(asked + " is wanted by no server");
  }

  /** Has a model asked what a server wants, and the server told what came of it. */
  void attend(StepRun step, OpenCall call, List<Event> events, List<Command> commands) {
    SamplingAnswered completion = call.completion;
    if (completion != null) {
      call.completion = null;
      commands.add(tell(step, completion));
    }
    Sampling wanted = call.sampling;
    if (wanted == null || wanted.asking != null) {
      return;
    }
    if (wanted.answered != null) {
      events.add(answered(wanted.asked, wanted.answered, null));
    } else if (wanted.failed != null) {
      events.add(answered(wanted.asked, null, wanted.failed));
    } else {
      Sampled known = Sampled.before(step, call, wanted.asked);
      if (known == null) {
        pay(step, wanted, events);
      } else {
        events.add(answered(wanted.asked, known.reply(), null));
      }
    }
  }

  private static Command tell(StepRun step, SamplingAnswered told) {
    Sampled sampled =
        step.sampled.stream()
            .filter(each -> each.reply().equals(told.reply()))
            .findFirst()
            .orElse(null);
    return new Command.TellReply(
        step.path,
        told.call(),
        told.number(),
        sampled == null ? null : sampled.result(),
        told.error());
  }

  private static SamplingAnswered answered(
      SamplingAsked asked, @Nullable String reply, @Nullable StepError error) {
    return new SamplingAnswered(asked.step(), asked.call(), asked.number(), reply, error);
  }

  private void pay(StepRun step, Sampling wanted, List<Event> events) {
    SamplingAsked asked = wanted.asked;
    if (run.limitReached != null) {
      events.add(refused(asked, String.valueOf(run.limitMessage)));
      return;
    }
    if (run.willBeStopped(step)) {
      return;
    }
    Amount amount = SamplingFold.most(asked, wanted.model).withModelCall();
    String model = asked.models().get(wanted.model).model();
    switch (purse.take(step, amount, model)) {
      case Purse.Taken.YES ->
          events.add(
              new ModelCalled(
                  step.path,
                  CallDecider.nextCall(step, events),
                  step.attempt,
                  asked.number(),
                  wanted.model,
                  asked.call()));
      case Purse.Taken.NOT_NOW -> {}
      case Purse.Exceeded exceeded -> events.add(refused(asked, exceeded.message()));
    }
  }

  private static SamplingAnswered refused(SamplingAsked asked, String why) {
    return answered(asked, null, StepError.of(ErrorKind.LIMIT, why));
  }
}
