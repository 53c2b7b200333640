package dev.workflow.run;

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
import dev.workflow.run.Event.OfCall;
import dev.workflow.run.Event.OfStep;
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
import dev.workflow.run.Event.SampledModel;
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
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Puts the fields of an event into a tree; what is absent or empty is left out. */
final class EventWriter {
  private final ObjectNode tree;

  EventWriter(ObjectNode tree) {
    this.tree = tree;
  }

  void write(Event event) {
    switch (event) {
      case OfStep e -> ofStep(e);
      case RunStarted e -> started(e);
      case RunResumed e -> type("run_resumed").set("limits", PlanJson.write(e.limits()));
      case PlanChanged e -> planChanged(e);
      case CancelRequested e -> {
        type("cancel_requested").put("reason", e.reason());
        if (e.undo()) {
          tree.put("undo", true);
        }
      }
      case LimitReached e ->
          type("limit_reached").put("limit", e.limit()).put("message", e.message());
      case LimitNear e -> type("limit_near").put("limit", e.limit()).put("message", e.message());
      case TimeMeasured e -> timeMeasured(e);
      case RunPaused e -> {
        type("run_paused").put("status", e.status().word()).put("reason", e.reason());
        values("outputs", e.outputs());
      }
      case RunFinished e -> {
        type("run_finished").put("status", e.status().word());
        values("outputs", e.outputs());
        ErrorJson.texts(tree, "warnings", e.warnings());
      }
    }
  }

  private void timeMeasured(TimeMeasured e) {
    type("time_measured");
    if (e.step() != null) {
      tree.put("step", e.step().toString());
    }
    if (e.agent() != null) {
      tree.put("agent", e.agent());
    }
  }

  private void started(RunStarted e) {
    type("run_started").put("run", e.run()).put("workflow", e.workflow());
    tree.put("simulated", e.simulated());
    tree.set("inputs", e.inputs());
    tree.set("limits", PlanJson.write(e.limits()));
    tree.set("plan", PlanJson.write(e.plan()));
    tree.set("definition", e.definition());
  }

  private void planChanged(PlanChanged e) {
    type("plan_changed").put("reason", e.reason().name().toLowerCase(Locale.ROOT));
    ErrorJson.texts(tree, "again", e.again());
    ArrayNode changes = tree.putArray("changes");
    for (Change change : e.changes()) {
      ObjectNode one =
          changes
              .addObject()
              .put("part", change.part())
              .put("name", change.name())
              .put("how", change.how().name().toLowerCase(Locale.ROOT));
      ErrorJson.texts(one, "keys", change.keys());
    }
    if (e.origin() != null) {
      tree.putObject("origin").put("run", e.origin().run()).put("at", e.origin().at().toString());
    }
    if (e.replan() != null) {
      replan(tree.putObject("replan"), e.replan());
    }
    tree.set("inputs", e.inputs());
    tree.set("plan", PlanJson.write(e.plan()));
    tree.set("definition", e.definition());
  }

  private static void replan(ObjectNode tree, Event.Replan replan) {
    tree.put("step", replan.step().toString()).put("reason", replan.reason());
    tree.set("error", ErrorJson.write(replan.error()));
    Event.Revision revision = replan.revision();
    if (revision == null) {
      return;
    }
    ObjectNode other = tree.putObject("revision");
    if (revision.within() != null) {
      other.put("within", revision.within().toString());
    }
    other.put("name", revision.name()).put("from", revision.from());
    other.set("plan", PlanJson.write(revision.plan()));
    other.set("workflow", revision.workflow());
  }

  private void ofStep(OfStep event) {
    switch (event) {
      case OfCall e -> ofCall(e);
      case PlanChecked e -> {
        step("plan_checked", e).put("name", e.name()).put("from", e.from());
        tree.set("plan", PlanJson.write(e.plan()));
        tree.set("workflow", e.workflow());
      }
      case StepPrepared e ->
          step("step_prepared", e).set("prepared", PreparedJson.write(e.prepared()));
      case TurnBounded e -> {
        step("turn_bounded", e).put("model", e.model()).put("tokens", e.tokens());
        if (e.cost() != null) {
          tree.put("cost", e.cost().text());
        }
      }
      case StepStarted e -> step("step_started", e).put("attempt", e.attempt());
      case QuestionAsked e -> asked(e);
      case QuestionAnswered e ->
          step("question_answered", e).put("by", e.by()).set("answer", e.answer());
      case FailureAsked e -> {
        step("failure_asked", e);
        error(e.error());
      }
      case FailureAnswered e -> {
        step("failure_answered", e)
            .put("decision", e.decision().name().toLowerCase(Locale.ROOT))
            .put("by", e.by());
        ErrorJson.optional(tree, "output", e.output());
      }
      case ReplanStarted e -> {
        step("replan_started", e);
        error(e.error());
      }
      case ReplanJoined e -> step("replan_joined", e);
      case ReplanReferred e -> step("replan_referred", e).set("plan", PlanJson.write(e.plan()));
      case SubplanStarted e -> step("subplan_started", e).put("call", e.call());
      case SubplanEnded e -> step("subplan_ended", e).put("call", e.call());
      case WaitStarted e -> step("wait_started", e).put("due", e.due().toString());
      case TimerFired e -> step("timer_fired", e).put("attempt", e.attempt());
      case AttemptFailed e -> {
        step("attempt_failed", e).put("attempt", e.attempt());
        error(e.error());
      }
      case RetryScheduled e ->
          step("retry_scheduled", e).put("attempt", e.attempt()).put("due", e.due().toString());
      case StepSucceeded e -> ErrorJson.optional(step("step_succeeded", e), "output", e.output());
      case OutputInjected e -> step("output_injected", e).set("output", e.output());
      case StepFailed e -> {
        step("step_failed", e);
        error(e.error());
      }
      case StepSkipped e -> step("step_skipped", e).put("reason", e.reason());
      case StepBlocked e -> ErrorJson.texts(step("step_blocked", e), "by", e.by());
      case StepCancelled e -> step("step_cancelled", e);
      case UndoStarted e -> step("undo_started", e);
      case VerdictGiven e -> step("verdict_given", e).put("again", e.again());
      case RepetitionScheduled e ->
          step("repetition_scheduled", e).put("number", e.number()).put("due", e.due().toString());
      case RepetitionsUsedUp e -> step("repetitions_used_up", e);
      case RevisionStarted e -> step("revision_started", e).put("number", e.number());
      case RevisionsUsedUp e -> step("revisions_used_up", e);
    }
  }

  private void ofCall(OfCall event) {
    switch (event) {
      case ToolCalled e -> toolCalled(e);
      case ToolReturned e -> {
        call("tool_returned", e).set("output", e.output());
        ErrorJson.optional(tree, "content", e.content());
        ErrorJson.texts(tree, "violations", e.violations());
      }
      case ToolFailed e -> {
        call("tool_failed", e).put("possibly_executed", e.possiblyExecuted());
        error(e.error());
      }
      case ModelCalled e -> {
        call("model_called", e)
            .put("attempt", e.attempt())
            .put("turn", e.turn())
            .put("model", e.model());
        optional("samples", e.samples());
      }
      case ModelReplied e -> call("model_replied", e).set("reply", ReplyJson.write(e.reply()));
      case ModelFailed e -> {
        call("model_failed", e).put("possibly_billed", e.possiblyBilled());
        error(e.error());
      }
      case ElicitationAsked e ->
          call("elicitation_asked", e)
              .put("number", e.number())
              .put("message", e.message())
              .set("form", e.form());
      case ElicitationAnswered e -> {
        call("elicitation_answered", e)
            .put("number", e.number())
            .put("reaction", e.reaction().name().toLowerCase(Locale.ROOT))
            .put("by", e.by());
        ErrorJson.optional(tree, "content", e.content());
      }
      case ElicitationPostponed e -> call("elicitation_postponed", e);
      case SamplingAsked e -> samplingAsked(e);
      case SamplingAnswered e -> {
        call("sampling_answered", e).put("number", e.number());
        optional("reply", e.reply());
        if (e.error() != null) {
          error(e.error());
        }
      }
      case ProbePrepared e -> call("probe_prepared", e).set("probe", PreparedJson.write(e.probe()));
      case CallVerified e -> {
        call("call_verified", e).put("done", e.done());
        ErrorJson.optional(tree, "output", e.output());
      }
      case StepInDoubt e -> call("step_in_doubt", e).put("reason", e.reason());
      case DoubtResolved e -> {
        call("doubt_resolved", e).put("resolution", e.resolution().name().toLowerCase(Locale.ROOT));
        ErrorJson.optional(tree, "output", e.output());
      }
    }
  }

  private void toolCalled(ToolCalled e) {
    call("tool_called", e)
        .put("attempt", e.attempt())
        .put("server", e.server())
        .put("tool", e.tool())
        .put("arguments_hash", e.argumentsHash())
        .put("digest", e.digest())
        .put("effect", e.effect().word())
        .put("key", e.key())
        .set("arguments", e.arguments());
    if (e.verifies() != null) {
      tree.put("verifies", e.verifies());
    }
  }

  private void samplingAsked(SamplingAsked e) {
    call("sampling_asked", e)
        .put("number", e.number())
        .put("alias", e.alias())
        .set("request", e.request());
    ArrayNode models = tree.putArray("models");
    for (SampledModel model : e.models()) {
      ObjectNode one = models.addObject();
      one.put("model", model.model()).put("tokens", model.tokens());
      if (model.cost() != null) {
        one.put("cost", model.cost().text());
      }
    }
  }

  private void optional(String name, @Nullable String text) {
    if (text != null) {
      tree.put(name, text);
    }
  }

  private void asked(QuestionAsked e) {
    step("question_asked", e).put("text", e.text());
    ErrorJson.optional(tree, "form", e.form());
    if (e.deadline() != null) {
      tree.put("deadline", e.deadline().toString());
    }
  }

  private void error(StepError error) {
    tree.set("error", ErrorJson.write(error));
  }

  private void values(String name, Map<String, JsonNode> values) {
    values.forEach(tree.putObject(name)::set);
  }

  private ObjectNode call(String type, OfCall event) {
    return step(type, event).put("call", event.call());
  }

  private ObjectNode step(String type, OfStep event) {
    return type(type).put("step", event.step().toString());
  }

  private ObjectNode type(String type) {
    return tree.put("type", type);
  }
}
