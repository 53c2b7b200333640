package dev.workflow.run;

import dev.workflow.definition.Effect;
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
import dev.workflow.run.Event.Reaction;
import dev.workflow.run.Event.RepetitionScheduled;
import dev.workflow.run.Event.RepetitionsUsedUp;
import dev.workflow.run.Event.ReplanJoined;
import dev.workflow.run.Event.ReplanReferred;
import dev.workflow.run.Event.ReplanStarted;
import dev.workflow.run.Event.Resolution;
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
import dev.workflow.run.Event.WayOut;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Reads what {@link EventWriter} wrote. */
final class EventReader {
  private static final Map<String, Function<Fields, Event>> READERS = readers();

  private EventReader() {}

  static Event read(JsonNode tree) {
    String type = new Fields("event", tree).text("type");
    Function<Fields, Event> reader = READERS.get(type);
    if (reader == null) {
      throw new IllegalArgumentException(
          "event.type: expected one of "
              + String.join(", ", types())
              + ", found \""
              + type
              + "\"; a newer version of workflow wrote it: update this one");
    }
    return reader.apply(new Fields(type, tree));
  }

  /** All types, sorted. */
  static SortedSet<String> types() {
    return new TreeSet<>(READERS.keySet());
  }

  private static Map<String, Function<Fields, Event>> readers() {
    Map<String, Function<Fields, Event>> readers = new HashMap<>();
    addRun(readers);
    addStep(readers);
    addFeedback(readers);
    addCalls(readers);
    return Map.copyOf(readers);
  }

  private static void addRun(Map<String, Function<Fields, Event>> readers) {
    readers.put(
        "run_started",
        f ->
            new RunStarted(
                f.text("run"),
                f.text("workflow"),
                PlanJson.read(f.object("plan")),
                f.value("definition"),
                f.value("inputs"),
                PlanJson.readLimits(f.object("limits")),
                f.flag("simulated")));
    readers.put("run_resumed", f -> new RunResumed(PlanJson.readLimits(f.object("limits"))));
    readers.put("plan_changed", EventReader::planChanged);
    readers.put(
        "cancel_requested", f -> new CancelRequested(f.text("reason"), f.optionalFlag("undo")));
    readers.put("limit_reached", f -> new LimitReached(f.text("limit"), f.text("message")));
    readers.put("limit_near", f -> new LimitNear(f.text("limit"), f.text("message")));
    readers.put(
        "time_measured",
        f -> new TimeMeasured(f.has("step") ? f.path("step") : null, f.optionalText("agent")));
    readers.put(
        "run_paused",
        f ->
            new RunPaused(
                f.word("status", RunStatus.class), f.text("reason"), f.values("outputs")));
    readers.put(
        "run_finished",
        f ->
            new RunFinished(
                f.word("status", RunStatus.class), f.values("outputs"), f.texts("warnings")));
  }

  private static void addStep(Map<String, Function<Fields, Event>> readers) {
    readers.put(
        "plan_checked",
        f ->
            new PlanChecked(
                f.path("step"),
                f.text("name"),
                f.text("from"),
                PlanJson.read(f.object("plan")),
                f.value("workflow")));
    readers.put(
        "step_prepared",
        f -> new StepPrepared(f.path("step"), PreparedJson.read(f.object("prepared"))));
    readers.put("step_started", f -> new StepStarted(f.path("step"), f.integer("attempt")));
    readers.put("wait_started", f -> new WaitStarted(f.path("step"), f.time("due")));
    readers.put("timer_fired", f -> new TimerFired(f.path("step"), f.integer("attempt")));
    readers.put(
        "attempt_failed", f -> new AttemptFailed(f.path("step"), f.integer("attempt"), error(f)));
    readers.put(
        "retry_scheduled",
        f -> new RetryScheduled(f.path("step"), f.integer("attempt"), f.time("due")));
    readers.put("step_succeeded", f -> new StepSucceeded(f.path("step"), f.optional("output")));
    readers.put("output_injected", f -> new OutputInjected(f.path("step"), f.value("output")));
    readers.put("step_failed", f -> new StepFailed(f.path("step"), error(f)));
    readers.put("step_skipped", f -> new StepSkipped(f.path("step"), f.text("reason")));
    readers.put("step_blocked", f -> new StepBlocked(f.path("step"), f.texts("by")));
    readers.put("step_cancelled", f -> new StepCancelled(f.path("step")));
  }

  private static void addFeedback(Map<String, Function<Fields, Event>> readers) {
    readers.put(
        "question_asked",
        f ->
            new QuestionAsked(
                f.path("step"), f.text("text"), f.optional("form"), f.optionalTime("deadline")));
    readers.put(
        "question_answered",
        f -> new QuestionAnswered(f.path("step"), f.value("answer"), f.text("by")));
    readers.put("failure_asked", f -> new FailureAsked(f.path("step"), error(f)));
    readers.put(
        "failure_answered",
        f ->
            new FailureAnswered(
                f.path("step"),
                f.word("decision", WayOut.class),
                f.optional("output"),
                f.text("by")));
    readers.put("replan_started", f -> new ReplanStarted(f.path("step"), error(f)));
    readers.put("replan_joined", f -> new ReplanJoined(f.path("step")));
    readers.put(
        "replan_referred",
        f -> new ReplanReferred(f.path("step"), PlanJson.read(f.object("plan"))));
    readers.put("subplan_started", f -> new SubplanStarted(f.path("step"), f.text("call")));
    readers.put("subplan_ended", f -> new SubplanEnded(f.path("step"), f.text("call")));
    readers.put("undo_started", f -> new UndoStarted(f.path("step")));
    readers.put("verdict_given", f -> new VerdictGiven(f.path("step"), f.flag("again")));
    readers.put(
        "repetition_scheduled",
        f -> new RepetitionScheduled(f.path("step"), f.integer("number"), f.time("due")));
    readers.put("repetitions_used_up", f -> new RepetitionsUsedUp(f.path("step")));
    readers.put("revision_started", f -> new RevisionStarted(f.path("step"), f.integer("number")));
    readers.put("revisions_used_up", f -> new RevisionsUsedUp(f.path("step")));
  }

  private static void addCalls(Map<String, Function<Fields, Event>> readers) {
    readers.put("tool_called", EventReader::toolCalled);
    readers.put(
        "tool_returned",
        f ->
            new ToolReturned(
                f.path("step"),
                f.text("call"),
                f.value("output"),
                f.optional("content"),
                f.texts("violations")));
    readers.put(
        "tool_failed",
        f -> new ToolFailed(f.path("step"), f.text("call"), error(f), f.flag("possibly_executed")));
    readers.put(
        "turn_bounded",
        f ->
            new TurnBounded(
                f.path("step"), f.text("model"), f.whole("tokens"), f.optionalMoney("cost")));
    readers.put(
        "model_called",
        f ->
            new ModelCalled(
                f.path("step"),
                f.text("call"),
                f.integer("attempt"),
                f.integer("turn"),
                f.integer("model"),
                f.optionalText("samples")));
    readers.put(
        "model_replied",
        f -> new ModelReplied(f.path("step"), f.text("call"), ReplyJson.read(f.object("reply"))));
    readers.put(
        "model_failed",
        f ->
            new ModelFailed(
                f.path("step"), f.text("call"), error(f), f.optionalFlag("possibly_billed")));
    readers.put(
        "elicitation_asked",
        f ->
            new ElicitationAsked(
                f.path("step"),
                f.text("call"),
                f.integer("number"),
                f.text("message"),
                f.value("form")));
    readers.put(
        "elicitation_answered",
        f ->
            new ElicitationAnswered(
                f.path("step"),
                f.text("call"),
                f.integer("number"),
                f.word("reaction", Reaction.class),
                f.optional("content"),
                f.text("by")));
    readers.put(
        "sampling_asked",
        f ->
            new SamplingAsked(
                f.path("step"),
                f.text("call"),
                f.integer("number"),
                f.text("alias"),
                f.value("request"),
                f.objects("models").stream()
                    .map(
                        model ->
                            new SampledModel(
                                model.text("model"),
                                model.whole("tokens"),
                                model.optionalMoney("cost")))
                    .toList()));
    readers.put(
        "sampling_answered",
        f ->
            new SamplingAnswered(
                f.path("step"),
                f.text("call"),
                f.integer("number"),
                f.optionalText("reply"),
                f.has("error") ? ErrorJson.read(f.object("error")) : null));
    readers.put(
        "elicitation_postponed", f -> new ElicitationPostponed(f.path("step"), f.text("call")));
    readers.put(
        "probe_prepared",
        f ->
            new ProbePrepared(
                f.path("step"), f.text("call"), PreparedJson.readCall(f.object("probe"))));
    readers.put(
        "call_verified",
        f ->
            new CallVerified(f.path("step"), f.text("call"), f.flag("done"), f.optional("output")));
    readers.put(
        "step_in_doubt", f -> new StepInDoubt(f.path("step"), f.text("call"), f.text("reason")));
    readers.put(
        "doubt_resolved",
        f ->
            new DoubtResolved(
                f.path("step"),
                f.text("call"),
                f.word("resolution", Resolution.class),
                f.optional("output")));
  }

  private static PlanChanged planChanged(Fields f) {
    return new PlanChanged(
        f.word("reason", Event.Reason.class),
        PlanJson.read(f.object("plan")),
        f.value("definition"),
        f.value("inputs"),
        f.texts("again"),
        f.objects("changes").stream().map(EventReader::change).toList(),
        f.has("origin") ? origin(f.object("origin")) : null,
        f.has("replan") ? replan(f.object("replan")) : null);
  }

  private static Event.Replan replan(Fields f) {
    return new Event.Replan(
        f.path("step"),
        error(f),
        f.text("reason"),
        f.has("revision") ? revision(f.object("revision")) : null);
  }

  private static Event.Revision revision(Fields f) {
    return new Event.Revision(
        f.has("within") ? f.path("within") : null,
        f.text("name"),
        f.text("from"),
        PlanJson.read(f.object("plan")),
        f.value("workflow"));
  }

  private static Change change(Fields f) {
    return new Change(
        f.text("part"), f.text("name"), f.word("how", Change.How.class), f.texts("keys"));
  }

  private static Event.Origin origin(Fields f) {
    return new Event.Origin(f.text("run"), f.path("at"));
  }

  private static ToolCalled toolCalled(Fields f) {
    return new ToolCalled(
        f.path("step"),
        f.text("call"),
        f.integer("attempt"),
        f.text("server"),
        f.text("tool"),
        f.value("arguments"),
        f.text("arguments_hash"),
        f.text("digest"),
        f.word("effect", Effect.class),
        f.text("key"),
        f.has("verifies") ? f.text("verifies") : null);
  }

  private static StepError error(Fields fields) {
    return ErrorJson.read(fields.object("error"));
  }
}
