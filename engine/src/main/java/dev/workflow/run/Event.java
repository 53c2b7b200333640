package dev.workflow.run;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Money;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A fact of a run, in the past tense. The journal holds nothing else. */
public sealed interface Event {

  /** A fact about one step. */
  sealed interface OfStep extends Event {
    StepPath step();
  }

  /** The answer to one call; later ones with the same call change nothing. */
  sealed interface OfCall extends OfStep {
    String call();
  }

  /**
   * A run began. Everything a resume needs is here, so that files may change or go.
   *
   * @param definition the resolved definition: long form, skills, schemas, bound tools, model
   *     choice
   * @param simulated whether scripted answers stand in for models
   */
  record RunStarted(
      String run,
      String workflow,
      Plan plan,
      JsonNode definition,
      JsonNode inputs,
      Limits limits,
      boolean simulated)
      implements Event {}

  /**
   * A process took the run over again.
   *
   * @param limits from now on
   */
  record RunResumed(Limits limits) implements Event {}

  /**
   * The plan changed in mid-run: steps that are equal and read only what is equal stay as they are,
   * the others begin anew, under their next revision where they had begun.
   *
   * @param plan from now on
   * @param definition from now on, as in {@link RunStarted}
   * @param inputs from now on
   * @param again names of the steps whose work is not what it was, ids joined by {@code /}
   * @param changes what is different, for people
   * @param origin of a fork: what it goes on from; absent: it is none
   * @param replan of a plan that another way was looked for in; absent: that is not why it changed
   */
  record PlanChanged(
      Reason reason,
      Plan plan,
      JsonNode definition,
      JsonNode inputs,
      List<String> again,
      List<Change> changes,
      @Nullable Origin origin,
      @Nullable Replan replan)
      implements Event {
    public PlanChanged {
      again = List.copyOf(again);
      changes = List.copyOf(changes);
    }

    /** The graph that takes the place of another after a failure; absent: none does. */
    public @Nullable Revision revision() {
      return replan == null ? null : replan.revision();
    }
  }

  /** Why a plan changed. */
  enum Reason {
    /** The files changed, and somebody adopted them. */
    ADOPTED,
    /** A planner found another way. */
    REPLANNED,
    /** The run goes on from a step of another run; the events before are copies of that run's. */
    FORKED
  }

  /**
   * Another way after a failure.
   *
   * @param step that has failed; it begins anew, unless the other plan lacks it
   * @param error it has failed with
   * @param reason why this way, for people
   * @param revision the graph that takes the place of the one the step stands in; absent: the graph
   *     is as it was, and only something it refers to is another
   */
  record Replan(StepPath step, StepError error, String reason, @Nullable Revision revision) {}

  /**
   * A graph that takes the place of another.
   *
   * @param within the container whose graph it is, in this one activation; absent: it is the
   *     outermost, and the plan of the event has it
   * @param name of the graph within a container; names of graphs inside its steps begin with it
   * @param from the name of the workflow among those of the definition that it was made of; empty:
   *     the root
   * @param plan its graphs
   * @param workflow its long form
   */
  record Revision(
      @Nullable StepPath within, String name, String from, Plan plan, JsonNode workflow) {}

  /** Where a fork begins: a step of another run. */
  record Origin(String run, StepPath at) {}

  /** Somebody gave the output of a step, which does not run. */
  record OutputInjected(StepPath step, JsonNode output) implements OfStep {}

  /**
   * A plan that was written in this run passed the check; the step is about to run it.
   *
   * @param name of its graph, from now on one of those that containers run
   * @param from the name of the workflow among those of the definition whose agents and tools it
   *     uses; empty: the root
   * @param plan its graphs; those inside its steps bear names that begin with its own
   * @param workflow its long form
   */
  record PlanChecked(StepPath step, String name, String from, Plan plan, JsonNode workflow)
      implements OfStep {}

  /** The expressions of a step were evaluated. */
  record StepPrepared(StepPath step, Prepared prepared) implements OfStep {}

  /** An attempt took a slot; attempts count from 1. */
  record StepStarted(StepPath step, int attempt) implements OfStep {}

  /**
   * A tool is about to be called. On disk before a call that is not read-only is made.
   *
   * @param call unique in the run
   * @param key idempotency key, equal for repetitions of the same call
   * @param verifies the lost call that this one asks about; absent: it is work of the step
   */
  record ToolCalled(
      StepPath step,
      String call,
      int attempt,
      String server,
      String tool,
      JsonNode arguments,
      String argumentsHash,
      String digest,
      Effect effect,
      String key,
      @Nullable String verifies)
      implements OfCall {}

  /**
   * A tool answered.
   *
   * @param content the blocks that it gave; absent: they say no more than the output
   * @param violations how the answer breaks the tool's or the step's schema; empty: it fits
   */
  record ToolReturned(
      StepPath step,
      String call,
      JsonNode output,
      @Nullable JsonNode content,
      List<String> violations)
      implements OfCall {
    public ToolReturned {
      violations = List.copyOf(violations);
    }

    /** An answer whose blocks say no more than its output. */
    public ToolReturned(StepPath step, String call, JsonNode output, List<String> violations) {
      this(step, call, output, null, violations);
    }
  }

  /**
   * A tool call gave no result.
   *
   * @param possiblyExecuted whether the call may have taken effect all the same
   */
  record ToolFailed(StepPath step, String call, StepError error, boolean possiblyExecuted)
      implements OfCall {}

  /**
   * What the next request to a model can take was bounded, before it is decided on.
   *
   * @param model {@code provider/model} that will be asked
   * @param tokens of the request and the longest reply together, at most
   * @param cost at most; absent: no price is known
   */
  record TurnBounded(StepPath step, String model, long tokens, @Nullable Money cost)
      implements OfStep {}

  /**
   * A model is about to be asked.
   *
   * @param turn counted from 1 in the attempt
   * @param model index into the alias list
   * @param samples the tool call whose server wants it asked, the turn being the number of what the
   *     server wants; absent: it is a turn of the step's agent
   */
  record ModelCalled(
      StepPath step, String call, int attempt, int turn, int model, @Nullable String samples)
      implements OfCall {

    /** A turn of the step's agent. */
    public ModelCalled(StepPath step, String call, int attempt, int turn, int model) {
      this(step, call, attempt, turn, model, null);
    }
  }

  /** A model answered. */
  record ModelReplied(StepPath step, String call, ModelReply reply) implements OfCall {}

  /**
   * A model gave no answer.
   *
   * @param possiblyBilled whether the provider may charge for it all the same
   */
  record ModelFailed(StepPath step, String call, StepError error, boolean possiblyBilled)
      implements OfCall {}

  /**
   * A server wants something of a person before it answers a call.
   *
   * @param number counted from 1 in the call
   * @param form JSON Schema of what it wants: an object whose fields have plain types
   */
  record ElicitationAsked(StepPath step, String call, int number, String message, JsonNode form)
      implements OfCall {}

  /**
   * The server is told what a person answered. Where the call was given up meanwhile, it is made
   * again, and told when it asks the same again; but not when the person dismissed the question.
   *
   * @param content what the form asks for; only where it is given
   * @param by where the answer came from, such as {@code terminal} or {@code --answer}
   */
  record ElicitationAnswered(
      StepPath step,
      String call,
      int number,
      Reaction reaction,
      @Nullable JsonNode content,
      String by)
      implements OfCall {}

  /** What a person does about a server that wants something; the words of MCP. */
  enum Reaction {
    /** Gives it. */
    ACCEPT,
    /** Refuses it. */
    DECLINE,
    /** Dismisses the question. */
    CANCEL
  }

  /**
   * A server wants a model asked before it answers a call. On disk before any model is.
   *
   * @param number counted from 1 in the call
   * @param alias of the models
   * @param request what they are asked: {@code system}, {@code messages} of {@code role} and {@code
   *     text}, {@code max_tokens}, and texts that end the reply
   * @param models those of the alias, in the order in which they are tried
   */
  record SamplingAsked(
      StepPath step,
      String call,
      int number,
      String alias,
      JsonNode request,
      List<SampledModel> models)
      implements OfCall {
    public SamplingAsked {
      models = List.copyOf(models);
    }
  }

  /**
   * A model that may be asked for a server.
   *
   * @param model {@code provider/model}
   * @param tokens of the request and the longest reply together, at most
   * @param cost at most; absent: no price is known
   */
  record SampledModel(String model, long tokens, @Nullable Money cost) {}

  /**
   * A server that wanted a model asked is told what came of it.
   *
   * @param reply the call of a model whose reply it is told, be it one of an earlier process;
   *     absent: none
   * @param error why it is told nothing; absent: it is told a reply
   */
  record SamplingAnswered(
      StepPath step, String call, int number, @Nullable String reply, @Nullable StepError error)
      implements OfCall {}

  /** Nobody was there to answer a server: its call was given up until somebody is. */
  record ElicitationPostponed(StepPath step, String call) implements OfCall {}

  /** The tool call was evaluated that finds out whether a lost call took effect. */
  record ProbePrepared(StepPath step, String call, Prepared.Call probe) implements OfCall {}

  /**
   * It was found out whether a lost call took effect.
   *
   * @param output what it gave, where it is done
   */
  record CallVerified(StepPath step, String call, boolean done, @Nullable JsonNode output)
      implements OfCall {}

  /** A call's answer is lost and it may not simply run again. */
  record StepInDoubt(StepPath step, String call, String reason) implements OfCall {}

  /** Somebody decided about a call in doubt. */
  record DoubtResolved(StepPath step, String call, Resolution resolution, @Nullable JsonNode output)
      implements OfCall {}

  /** What to do with a call in doubt. */
  enum Resolution {
    /** Make the call again. */
    RETRY,
    /** It took effect; the output says what it gave. */
    DONE,
    /** It is to count as failed. */
    FAIL
  }

  /**
   * A person was asked.
   *
   * @param form JSON Schema of the answer; absent: approve or reject
   * @param deadline after which the step fails; absent: none
   */
  record QuestionAsked(
      StepPath step, String text, @Nullable JsonNode form, @Nullable Instant deadline)
      implements OfStep {}

  /**
   * A person answered.
   *
   * @param by where the answer came from, such as {@code terminal} or {@code --answer}
   */
  record QuestionAnswered(StepPath step, JsonNode answer, String by) implements OfStep {}

  /**
   * A person was asked what to do about a failure, as the step's {@code on_error} says.
   *
   * @param error that no retry is left for
   */
  record FailureAsked(StepPath step, StepError error) implements OfStep {}

  /**
   * A person decided about a failure.
   *
   * @param output of the step, where the person gives it
   * @param by where the answer came from, such as {@code terminal} or {@code --answer}
   */
  record FailureAnswered(StepPath step, WayOut decision, @Nullable JsonNode output, String by)
      implements OfStep {}

  /** What to do about a failure. */
  enum WayOut {
    /** Try once more: another attempt, or one more run or revision where those are used up. */
    RETRY,
    /** The step succeeds with the output that is given. */
    OUTPUT,
    /** The step has failed, the run has not. */
    CONTINUE,
    /** The step has failed, and what it stands in fails with it. */
    FAIL
  }

  /**
   * Another way is looked for, as the step's {@code on_error} says.
   *
   * @param error that no retry is left for
   */
  record ReplanStarted(StepPath step, StepError error) implements OfStep {}

  /** The plan has changed for the step already since it was prepared: it begins anew. */
  record ReplanJoined(StepPath step) implements OfStep {}

  /**
   * A planner is asked for another way.
   *
   * @param plan the graph, attached to the step, in which that is done
   */
  record ReplanReferred(StepPath step, Plan plan) implements OfStep {}

  /**
   * A plan that an agent has written begins, attached to the agent's step, which goes on when the
   * plan has ended.
   *
   * @param call the model's own id of the call that asks for it
   */
  record SubplanStarted(StepPath step, String call) implements OfStep {}

  /**
   * The plan has ended; what it gave, or why it failed, is the result of the call.
   *
   * @param call the model's own id of the call that asked for it
   */
  record SubplanEnded(StepPath step, String call) implements OfStep {}

  /** A {@code wait} began. */
  record WaitStarted(StepPath step, Instant due) implements OfStep {}

  /** The time that the step was waiting for has come. */
  record TimerFired(StepPath step, int attempt) implements OfStep {}

  /** An attempt failed; what follows is a retry or the step's end. */
  record AttemptFailed(StepPath step, int attempt, StepError error) implements OfStep {}

  /** The step is tried again at the time given. */
  record RetryScheduled(StepPath step, int attempt, Instant due) implements OfStep {}

  /**
   * The step ended well.
   *
   * @param output absent for an {@code each}: its elements' outputs in input order
   */
  record StepSucceeded(StepPath step, @Nullable JsonNode output) implements OfStep {}

  /** The step ended badly. */
  record StepFailed(StepPath step, StepError error) implements OfStep {}

  /** The step was not wanted. */
  record StepSkipped(StepPath step, String reason) implements OfStep {}

  /** The step cannot run without the outputs of these steps. */
  record StepBlocked(StepPath step, List<String> by) implements OfStep {
    public StepBlocked {
      by = List.copyOf(by);
    }
  }

  /**
   * The step was stopped by a cancellation of the run, or of what it stands in, or because its
   * {@code each} has enough.
   */
  record StepCancelled(StepPath step) implements OfStep {}

  /**
   * A condition was evaluated on the output of a step that has succeeded, or of an {@code each} on
   * what has succeeded so far.
   *
   * @param again whether its {@code repeat} goes on, its {@code revise} wants its region again, or
   *     its {@code each} has not enough yet
   */
  record VerdictGiven(StepPath step, boolean again) implements OfStep {}

  /**
   * The step runs once more at the time given, as its {@code repeat} says.
   *
   * @param number of the run to come, counted from 2
   */
  record RepetitionScheduled(StepPath step, int number, Instant due) implements OfStep {}

  /**
   * The region of a judge runs again.
   *
   * @param step the judge that asked for it
   * @param number counted from 1
   */
  record RevisionStarted(StepPath step, int number) implements OfStep {}

  /** All runs of a {@code repeat} were made; the last output stands. */
  record RepetitionsUsedUp(StepPath step) implements OfStep {}

  /** All revisions are used; the judge's last verdict stands. */
  record RevisionsUsedUp(StepPath step) implements OfStep {}

  /** The run has failed or was cancelled, and what the step has done is taken back. */
  record UndoStarted(StepPath step) implements OfStep {}

  /**
   * Somebody wants the run cancelled.
   *
   * @param undo whether what it has done is to be taken back
   */
  record CancelRequested(String reason, boolean undo) implements Event {}

  /**
   * A limit of the run was reached; nothing new starts.
   *
   * @param limit key of {@code limits:}, such as {@code tool_calls}
   */
  record LimitReached(String limit, String message) implements Event {}

  /**
   * Most of what a limit allows is used up.
   *
   * @param limit key of {@code limits:}, of the run, a step or an agent
   * @param message whose limit it is, and how much is used
   */
  record LimitNear(String limit, String message) implements Event {}

  /**
   * It is time to see how long a step or an agent has worked whose working time is bounded: most of
   * it may be used up, or all of it, so that what is at work is given up. How long it was follows
   * from the times of the other events.
   *
   * @param step whichever of its revisions and elements works; absent: it is an agent
   * @param agent by its name; absent: it is a step
   */
  record TimeMeasured(@Nullable StepPath step, @Nullable String agent) implements Event {}

  /**
   * The run can go on only with help from outside.
   *
   * @param status waiting or stopped
   * @param outputs those that exist
   */
  record RunPaused(RunStatus status, String reason, Map<String, JsonNode> outputs)
      implements Event {}

  /**
   * The run is over.
   *
   * @param status succeeded, failed or cancelled
   * @param outputs those that exist
   */
  record RunFinished(RunStatus status, Map<String, JsonNode> outputs, List<String> warnings)
      implements Event {
    public RunFinished {
      warnings = List.copyOf(warnings);
    }
  }
}
