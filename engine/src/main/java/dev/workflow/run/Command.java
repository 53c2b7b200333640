package dev.workflow.run;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An order of the kernel to the rim, which answers with events. */
public sealed interface Command {

  /** Evaluate the step's expressions; answered by {@code StepPrepared}. */
  record Prepare(StepPath step) implements Command {}

  /**
   * Call a tool; answered by {@code ToolReturned} or {@code ToolFailed}.
   *
   * @param attempt of the step that it is a call of
   * @param verifies whether it only asks about another call, so that its output is none of the step
   */
  record CallTool(
      StepPath step,
      int attempt,
      String call,
      String server,
      String tool,
      JsonNode arguments,
      String digest,
      Effect effect,
      String key,
      boolean verifies,
      @Nullable Duration timeout)
      implements Command {}

  /** Bound what the next request of a conversation can take; answered by {@code TurnBounded}. */
  record BoundTurn(
      StepPath step, Prepared.Conversation conversation, List<Turn> transcript, int turn, int model)
      implements Command {
    public BoundTurn {
      transcript = List.copyOf(transcript);
    }
  }

  /** Ask a model; answered by {@code ModelReplied} or {@code ModelFailed}. */
  record CallModel(
      StepPath step,
      String call,
      Prepared.Conversation conversation,
      List<Turn> transcript,
      int turn,
      int model)
      implements Command {
    public CallModel {
      transcript = List.copyOf(transcript);
    }
  }

  /** Ask a person; answered, perhaps much later, by {@code QuestionAnswered}. */
  record AskPerson(StepPath step, String text, @Nullable JsonNode form) implements Command {}

  /**
   * Evaluate the call that asks about a lost one; answered by {@code ProbePrepared}, or by {@code
   * StepInDoubt} where it cannot be.
   */
  record PrepareProbe(StepPath step, String call, String reason) implements Command {}

  /**
   * Evaluate what a probe found; answered by {@code CallVerified}, or by {@code StepInDoubt} where
   * that cannot be told.
   */
  record VerifyCall(StepPath step, String call, String reason, JsonNode found) implements Command {}

  /**
   * Ask a person what a server wants; answered, perhaps much later, by {@code ElicitationAnswered},
   * or by {@code ElicitationPostponed} where nobody is there and the call is under way.
   */
  record AskForServer(StepPath step, String call, int number) implements Command {}

  /** Tell a server, whose call is under way, what a person answered; it needs no answer. */
  record TellServer(
      StepPath step, String call, int number, Event.Reaction reaction, @Nullable JsonNode content)
      implements Command {}

  /**
   * Ask a model what a server wants; answered by {@code ModelReplied}, whose output is what the
   * server is told, or {@code ModelFailed}.
   *
   * @param by the call in which the server wants it
   * @param model index into the models of the alias
   */
  record Sample(
      StepPath step, String call, Event.ToolCalled by, Event.SamplingAsked asked, int model)
      implements Command {}

  /**
   * Tell a server, whose call is under way, what a model replied; it needs no answer.
   *
   * @param result what was replied; absent: nothing
   * @param error why nothing was; absent: something was
   */
  record TellReply(
      StepPath step, String call, int number, @Nullable JsonNode result, @Nullable StepError error)
      implements Command {}

  /** Ask what became of a call in doubt; answered by {@code DoubtResolved}, or never. */
  record AskAboutDoubt(StepPath step, String call, String reason) implements Command {}

  /** Ask what to do about a failure; answered, perhaps much later, by {@code FailureAnswered}. */
  record AskAboutFailure(StepPath step, StepError error) implements Command {}

  /** Wake the step; answered by {@code TimerFired}. */
  record SetTimer(StepPath step, int attempt, Instant due) implements Command {}

  /**
   * See how long a step or an agent has worked, unless nothing of it is at work by then; a newer
   * order takes the place of an older one.
   *
   * @param look the answer
   */
  record MeasureTime(Event.TimeMeasured look, Instant due) implements Command {}

  /** Draw the wait before the next attempt; answered by {@code RetryScheduled}. */
  record DrawBackoff(StepPath step, int attempt, Retry retry) implements Command {}

  /** Evaluate a condition on the step's output; answered by {@code VerdictGiven}. */
  record Judge(StepPath step, Condition condition) implements Command {}

  /** What is asked about a step that has succeeded, or one element of it. */
  enum Condition {
    /** Whether {@code enough} does not hold yet for what the elements gave so far. */
    ENOUGH,
    /** Whether {@code repeat.until} does not hold yet. */
    REPEAT,
    /** Whether {@code revise.when} holds. */
    REVISE
  }

  /**
   * Evaluate the outputs of a container whose steps have ended; answered by {@code StepSucceeded}
   * or {@code AttemptFailed}.
   */
  record Conclude(StepPath step) implements Command {}

  /** Evaluate the value of {@code on_error: {output}}; answered by {@code StepSucceeded}. */
  record Recover(StepPath step, StepError error) implements Command {}

  /**
   * Look for another way after a failure; answered by {@code PlanChanged}, {@code ReplanJoined},
   * {@code ReplanReferred} or {@code StepFailed}.
   *
   * @param refusal why the plan may not change any more; absent: it may
   * @param unplanned why nobody may be asked for a plan; absent: somebody may
   */
  record Replan(
      StepPath step, StepError error, @Nullable String refusal, @Nullable String unplanned)
      implements Command {}

  /**
   * Go over to the plan that was written and approved; answered by {@code PlanChanged} or {@code
   * StepFailed}.
   */
  record Revise(StepPath step, StepError error) implements Command {}

  /** Give up waiting for a call; it is still answered. */
  record CancelCall(StepPath step, String call) implements Command {}

  /** Evaluate the run's outputs; answered by {@code RunFinished} with the status. */
  record Finish(RunStatus status) implements Command {}

  /** Evaluate the outputs so far; answered by {@code RunPaused} with the status. */
  record Pause(RunStatus status, String reason) implements Command {}
}
