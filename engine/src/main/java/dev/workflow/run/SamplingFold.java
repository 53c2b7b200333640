package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import dev.workflow.run.Event.ModelCalled;
import dev.workflow.run.Event.ModelFailed;
import dev.workflow.run.Event.ModelReplied;
import dev.workflow.run.Event.SampledModel;
import dev.workflow.run.Event.SamplingAnswered;
import dev.workflow.run.Event.SamplingAsked;
import dev.workflow.run.Event.ToolCalled;
import dev.workflow.run.OpenCall.Sampling;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the events change of models that are asked because a server wants it in a call. */
final class SamplingFold {
  private SamplingFold() {}

  private static @Nullable Sampling wanted(StepRun step, String call) {
    OpenCall open = step.calls.get(call);
    return open == null ? null : open.sampling;
  }

  /** Whether anything is wanted by it: a probe is no work of the step, no model is asked for it. */
  static boolean wants(StepRun step, SamplingAsked e) {
    OpenCall call = step.calls.get(e.call());
    boolean may =
        call != null
            && call.event instanceof ToolCalled
            && call.verifies() == null
            && !e.models().isEmpty();
    if (call == null || !may || !call.isAwaited() || call.sampling != null) {
      return false;
    }
    call.sampling = new Sampling(e);
    return true;
  }

  static void asked(RunState run, StepRun step, ModelCalled e) {
    Sampling wanted = wanted(step, String.valueOf(e.samples()));
    Amount reserved = wanted == null ? Amount.NONE : most(wanted.asked, e.model());
    OpenCall call = new OpenCall(e, null, reserved);
    step.calls.put(e.call(), call);
    step.called++;
    run.charge(step, Amount.MODEL_CALL);
    run.reserve(step, reserved);
    if (wanted != null) {
      wanted.model = e.model();
      wanted.asking = e.call();
      call.serves = wanted;
      call.servedKey = Sampled.key(step.calls.get(wanted.asked.call()));
    }
  }

  /** What asking a model takes at most, beside the call itself. */
  static Amount most(SamplingAsked asked, int model) {
    if (model >= asked.models().size()) {
      return Amount.NONE;
    }
    SampledModel most = asked.models().get(model);
    return Amount.of(most.tokens(), most.cost());
  }

  /**
   * The reply is kept for the case that the call is made again, whatever has become of it: nobody
   * pays for it twice.
   */
  static void replied(StepRun step, OpenCall asked, ModelReplied e) {
    if (asked.serves != null) {
      JsonNode output = e.reply().output();
      JsonNode result = output == null ? Json.text(e.reply().text()) : output;
      step.sampled.add(Sampled.of(asked.servedKey, asked.serves.asked, e.call(), result));
    }
    Sampling wanted = wanted(step, String.valueOf(asked.samples()));
    if (wanted != null && e.call().equals(wanted.asking)) {
      wanted.asking = null;
      wanted.answered = e.call();
    }
  }

  /** Another model of the alias is tried before the server is told that there is no reply. */
  static void failed(StepRun step, String server, ModelFailed e) {
    Sampling wanted = wanted(step, server);
    if (wanted == null || !e.call().equals(wanted.asking)) {
      return;
    }
    wanted.asking = null;
    if (e.error().kind() != ErrorKind.CANCELLED
        && wanted.model + 1 < wanted.asked.models().size()) {
      wanted.model++;
    } else {
      wanted.failed = e.error();
    }
  }

  /** Whether it is the answer to what is wanted. */
  static boolean told(StepRun step, SamplingAnswered e) {
    OpenCall call = step.calls.get(e.call());
    Sampling wanted = call == null ? null : call.sampling;
    if (call == null || wanted == null || wanted.asked.number() != e.number()) {
      return false;
    }
    if (e.reply() != null) {
      call.sampled.add(wanted.asked);
    }
    call.sampling = null;
    call.completion = e;
    return true;
  }
}
