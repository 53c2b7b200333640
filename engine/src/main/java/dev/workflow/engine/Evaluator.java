package dev.workflow.engine;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Retry;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers the commands that need nothing but expressions, the time and chance. */
final class Evaluator {
  private final RunState run;
  private final Preparer preparer;
  private final CachedSteps cached;
  private final Definitions definitions;
  private final WrittenPlans plans;
  private final AgentPlans agentPlans;
  private final Tools tools;
  private final Models models;
  private final OtherWay otherWay;
  private final Clock clock;

  Evaluator(
      RunState run,
      Preparer preparer,
      CachedSteps cached,
      Definitions definitions,
      WrittenPlans plans,
      AgentPlans agentPlans,
      Tools tools,
      Models models,
      OtherWay otherWay,
      Clock clock) {
    this.run = run;
    this.preparer = preparer;
    this.cached = cached;
    this.definitions = definitions;
    this.plans = plans;
    this.agentPlans = agentPlans;
    this.tools = tools;
    this.models = models;
    this.otherWay = otherWay;
    this.clock = clock;
  }

  /** The events that answer the command; null when it has to be performed outside. */
  @Nullable List<Event> evaluate(Command command) {
    return switch (command) {
      case Command.Prepare prepare -> prepare(prepare.step());
      case Command.PrepareProbe probe ->
          List.of(
              orInDoubt(
                  probe.step(),
                  probe.call(),
                  probe.reason(),
                  () ->
                      new Event.ProbePrepared(
                          probe.step(), probe.call(), preparer.probe(probe.step()))));
      case Command.VerifyCall verify ->
          List.of(
              orInDoubt(
                  verify.step(), verify.call(), verify.reason(), () -> preparer.verified(verify)));
      case Command.Judge judge ->
          List.of(
              orFailed(
                  judge.step(), () -> new Event.VerdictGiven(judge.step(), preparer.again(judge))));
      case Command.Conclude conclude -> List.of(conclude(conclude.step()));
      case Command.Recover recover ->
          List.of(
              orFailed(
                  recover.step(),
                  () ->
                      new Event.StepSucceeded(
                          recover.step(), preparer.recover(recover.step(), recover.error()))));
      case Command.DrawBackoff draw ->
          List.of(
              new Event.RetryScheduled(
                  draw.step(), draw.attempt(), clock.now().plus(backoff(draw))));
      case Command.Finish finish -> List.of(finish(finish.status()));
      case Command.Pause pause ->
          List.of(
              new Event.RunPaused(
                  pause.status(),
                  pause.reason(),
                  RunOutputs.of(run, definitions.named("").compiled()).values()));
      case Command.BoundTurn bound ->
          List.of(
              definitions
                  .of(bound.step())
                  .conversations()
                  .bound(bound, preparer.step(bound.step()), models));
      case Command.Replan replan -> List.of(otherWay.find(replan));
      case Command.Revise revise -> List.of(otherWay.revise(revise));
      case Command.CallTool call -> null;
      case Command.CallModel call -> null;
      case Command.Sample call -> null;
      case Command.TellReply reply -> null;
      case Command.AskPerson ask -> null;
      case Command.AskForServer ask -> null;
      case Command.TellServer answer -> null;
      case Command.AskAboutDoubt ask -> null;
      case Command.AskAboutFailure ask -> null;
      case Command.SetTimer timer -> null;
      case Command.MeasureTime look -> null;
      case Command.CancelCall cancel -> null;
    };
  }

  /** A plan that was checked for the step is a fact of its own, before the step runs it. */
  private List<Event> prepare(StepPath step) {
    if (step.last().plans()) {
      return agentPlans.prepare(step);
    }
    Prepared prepared =
        OtherWay.isPartOf(step)
            ? preparer.instructed(step, otherWay.prepare(step))
            : cached.answered(step, preparer.prepare(step));
    Event checked = prepared instanceof Prepared.Body body ? plans.news(body.graph()) : null;
    Event done = new Event.StepPrepared(step, prepared);
    return checked == null ? List.of(done) : List.of(checked, done);
  }

  private Event conclude(StepPath container) {
    try {
      return new Event.StepSucceeded(container, preparer.conclude(container));
    } catch (Preparer.Broken broken) {
      StepInfo info = run.step(container);
      return new Event.AttemptFailed(container, info == null ? 1 : info.attempts(), broken.error());
    }
  }

  private static Event orInDoubt(
      StepPath step, String call, String reason, Supplier<Event> evaluation) {
    String why;
    try {
      return evaluation.get();
    } catch (Preparer.Broken broken) {
      List<String> details = broken.error().details();
      why = broken.error().message() + (details.isEmpty() ? "" : ": " + String.join("; ", details));
    } catch (Preparer.Undecidable missing) {
      why = String.valueOf(missing.getMessage());
    }
    return new Event.StepInDoubt(step, call, reason + "; and its verify failed: " + why);
  }

  private static Event orFailed(StepPath step, Supplier<Event> evaluation) {
    try {
      return evaluation.get();
    } catch (Preparer.Broken broken) {
      return new Event.StepFailed(step, broken.error());
    } catch (Preparer.Undecidable missing) {
      return new Event.StepFailed(
          step, StepError.of(ErrorKind.EXPRESSION, String.valueOf(missing.getMessage())));
    }
  }

  /**
   * Drawn evenly from half to the whole of {@code min(last, first * 2^(n-1))}, and not before the
   * server can be reached: a retry that cannot would be wasted.
   */
  private Duration backoff(Command.DrawBackoff draw) {
    Retry retry = draw.retry();
    double doubled =
        (double) retry.first().toMillis() * Math.pow(2, Math.min(40, draw.attempt() - 1));
    double whole = Math.min((double) retry.last().toMillis(), doubled);
    Duration drawn = Duration.ofMillis(Math.round(whole * (0.5 + clock.chance() / 2)));
    String server = preparer.server(draw.step());
    Duration resting = server == null ? Duration.ZERO : tools.resting(server);
    return drawn.compareTo(resting) < 0 ? resting : drawn;
  }

  private Event finish(RunStatus status) {
    RunOutputs outputs = RunOutputs.of(run, definitions.named("").compiled());
    List<String> warnings =
        status == RunStatus.SUCCEEDED ? new ArrayList<>(outputs.missing()) : List.of();
    return new Event.RunFinished(status, outputs.values(), warnings);
  }
}
