package dev.workflow.engine;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Models.ModelException;
import dev.workflow.engine.RunDriver.News;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import dev.workflow.run.TraceContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

/** Performs the commands that reach outside and brings back what came of them. */
final class Performer implements AutoCloseable {
  private final RunState run;
  private final String id;
  private final RunDriver.Ports ports;
  private final Definitions definitions;
  private final WrittenPlans plans;
  private final AgentPlans agentPlans;
  private final OtherWay otherWay;
  private final Preparer preparer;
  private final Masking masking;
  private final Asker asker;
  private final Inquiries inquiries;
  private final Samplings samplings;
  private final Consumer<News> tell;
  private final Map<String, Disposable> calls = new ConcurrentHashMap<>();
  private final Map<String, Runnable> timers = new ConcurrentHashMap<>();
  private volatile boolean closed;

  Performer(
      RunState run,
      RunDriver.Ports ports,
      Definitions definitions,
      WrittenPlans plans,
      AgentPlans agentPlans,
      OtherWay otherWay,
      Preparer preparer,
      Masking masking,
      Consumer<News> tell) {
    this.run = run;
    this.id = run.start().run();
    this.ports = ports;
    this.definitions = definitions;
    this.plans = plans;
    this.agentPlans = agentPlans;
    this.otherWay = otherWay;
    this.preparer = preparer;
    this.masking = masking;
    this.tell = tell;
    this.asker = new Asker(ports.people(), ports.validator(), tell, this::giveUp);
    this.inquiries = new Inquiries(masking, tell);
    this.samplings = new Samplings(definitions, ports.models(), masking, tell);
    ports.tools().listen(text -> ports.observer().notice(masking.text(text)));
  }

  /**
   * Whether the command may be performed before the events that led to it are on disk.
   *
   * @param calls whether a call that only reads may
   */
  static boolean mayRunAhead(Command command, boolean calls) {
    return command instanceof Command.SetTimer
        || command instanceof Command.MeasureTime
        || (calls && command instanceof Command.CallTool call && call.effect() == Effect.READ);
  }

  /** Whether an answer of a person may still come while the run is driven. */
  boolean someoneIsAsked() {
    return asker.waits();
  }

  /** The command will be performed once the events before it are on disk. */
  void expect(Command command) {
    asker.expect(run, command);
  }

  /** What is asked about a step that was stopped needs no answer any more. */
  void heard(Event event) {
    if (event instanceof Event.StepCancelled stopped) {
      asker.withdraw(stopped.step());
    } else if (event instanceof Event.ToolReturned ended) {
      over(ended);
    } else if (event instanceof Event.ToolFailed ended) {
      over(ended);
    } else if (event instanceof Event.ElicitationAnswered answered) {
      asker.withdrawWanted(answered.call());
    }
  }

  private void over(Event.OfCall ended) {
    asker.withdrawWanted(ended.call());
    inquiries.end(ended.call());
    samplings.end(ended.call());
  }

  /** Nobody is there to answer a server: its call is not kept waiting. */
  private @Nullable Event giveUp(RunState state, RunState.Wanted wanted) {
    String call = wanted.asked().call();
    boolean waits =
        state.wanted().stream()
            .anyMatch(each -> each.asked().equals(wanted.asked()) && !each.givenUp());
    if (!waits) {
      return null;
    }
    inquiries.end(call);
    samplings.end(call);
    Disposable subscription = calls.remove(call);
    if (subscription != null) {
      subscription.dispose();
    }
    return new Event.ElicitationPostponed(wanted.asked().step(), call);
  }

  /** The event that an answer from outside makes; null when nobody asked, or it does not fit. */
  @Nullable Event answered(StepPath step, People.Answer answer) {
    return asker.answered(run, step, answer);
  }

  void perform(Command command) {
    if (closed) {
      return;
    }
    switch (command) {
      case Command.CallTool call -> callTool(call);
      case Command.CallModel call -> callModel(call);
      case Command.Sample call -> sample(call);
      case Command.TellReply reply -> samplings.tell(reply);
      case Command.AskPerson ask -> asker.ask(ask);
      case Command.AskForServer ask -> asker.ask(ask);
      case Command.TellServer answer -> inquiries.tell(answer);
      case Command.AskAboutDoubt ask -> asker.ask(ask);
      case Command.AskAboutFailure ask -> asker.ask(ask);
      case Command.SetTimer timer ->
          wake(
              timer.step() + "#" + timer.attempt(),
              timer.due(),
              state -> new Event.TimerFired(timer.step(), timer.attempt()));
      case Command.MeasureTime order ->
          wake(
              order.look().toString(),
              order.due(),
              state -> state.isAtWork(order.look()) ? order.look() : null);
      case Command.CancelCall cancel -> cancel(cancel);
      case Command.Prepare c -> throw evaluated(c);
      case Command.PrepareProbe c -> throw evaluated(c);
      case Command.VerifyCall c -> throw evaluated(c);
      case Command.Judge c -> throw evaluated(c);
      case Command.Conclude c -> throw evaluated(c);
      case Command.Recover c -> throw evaluated(c);
      case Command.Replan c -> throw evaluated(c);
      case Command.Revise c -> throw evaluated(c);
      case Command.BoundTurn c -> throw evaluated(c);
      case Command.DrawBackoff c -> throw evaluated(c);
      case Command.Finish c -> throw evaluated(c);
      case Command.Pause c -> throw evaluated(c);
    }
  }

  private static IllegalStateException evaluated(Command command) {
    return new IllegalStateException(command + " is evaluated, not performed");
  }

  private void callTool(Command.CallTool call) {
    Tools.Call request =
        new Tools.Call(
            call.call(),
            call.server(),
            call.tool(),
            call.arguments(),
            call.key(),
            call.digest(),
            call.timeout(),
            text ->
                ports
                    .observer()
                    .progress(call.step(), new RunObserver.Progress.Tool(masking.text(text))),
            TraceContext.traceparent(id, call.key(), call.attempt()),
            inquiries.of(call),
            samplings.of(call));
    Disposable subscription =
        ports
            .tools()
            .call(request)
            .subscribe(
                answer -> ended(returned(call, answer)), failure -> ended(failed(call, failure)));
    remember(call.call(), subscription);
  }

  private Event.OfCall returned(Command.CallTool call, Tools.Answer answer) {
    JsonNode value = masking.value(answer.value());
    List<String> violations = new ArrayList<>();
    ToolSpec spec =
        definitions.of(call.step()).resolved().tools().get(call.server() + "/" + call.tool());
    if (spec != null && spec.outputSchema() != null) {
      if (answer.structured()) {
        violations.addAll(preparer.violations(spec.outputSchema(), value));
      } else {
        violations.add("expected structured content, as the tool declares an output schema");
      }
    }
    CompiledStep step = preparer.step(call.step());
    if (violations.isEmpty() && isToolStep(step) && !call.verifies()) {
      violations.addAll(preparer.violations(step.step().output(), value));
    }
    JsonNode content = answer.content() == null ? null : masking.value(answer.content());
    return new Event.ToolReturned(call.step(), call.call(), value, content, violations);
  }

  private static boolean isToolStep(CompiledStep step) {
    return switch (step.step().verb()) {
      case Verb.Tool tool -> true;
      case Verb.Capability capability -> true;
      case Verb.Agent agent -> false;
      case Verb.Skill skill -> false;
      case Verb.Ask ask -> false;
      case Verb.SetValue set -> false;
      case Verb.Wait wait -> false;
      case Verb.Fail fail -> false;
      case Verb.Group group -> false;
      case Verb.Subworkflow sub -> false;
      case Verb.Plan plan -> false;
      case Verb.Planned planned -> false;
    };
  }

  private Event.OfCall failed(Command.CallTool call, Throwable failure) {
    if (failure instanceof ToolException known) {
      StepError told =
          known.error().kind() == ErrorKind.TOOL_CHANGED ? changed(call, known) : known.error();
      return new Event.ToolFailed(call.step(), call.call(), masked(told), known.possiblyExecuted());
    }
    StepError error =
        StepError.of(
            ErrorKind.UNAVAILABLE,
            masking.text(call.server() + "/" + call.tool() + ": " + failure));
    return new Event.ToolFailed(call.step(), call.call(), error, true);
  }

  /** With the difference, as far as the server was listened to. */
  private StepError changed(Command.CallTool call, ToolException failure) {
    String name = call.server() + "/" + call.tool();
    ToolSpec before = definitions.of(call.step()).resolved().tools().get(name);
    List<String> lines = new ArrayList<>();
    for (ToolSpec now : ports.tools().known(call.server()).orElse(List.of())) {
      if (before != null && now.fullName().equals(name)) {
        lines.addAll(ToolDifference.of(before, now));
      }
    }
    StepError error = failure.error();
    return lines.isEmpty() ? error : new StepError(error.kind(), error.message(), lines);
  }

  private void callModel(Command.CallModel call) {
    CompiledStep step = preparer.step(call.step());
    UnaryOperator<ModelReply> proposed =
        OtherWay.isLookedFor(step) ? otherWay.proposal(call.step(), step) : reply -> reply;
    Conversations conversations = definitions.of(call.step()).conversations();
    Disposable subscription =
        ports
            .models()
            .ask(
                conversations.request(call, step, preparer.scope(call.step())),
                streamed(call.step()))
            .map(reply -> held(call, step, conversations.reply(call, step, masked(reply))))
            .map(proposed)
            .subscribe(
                reply -> ended(new Event.ModelReplied(call.step(), call.call(), reply)),
                failure -> ended(failed(call.step(), call.call(), failure)));
    remember(call.call(), subscription);
  }

  private void sample(Command.Sample call) {
    Disposable subscription =
        ports
            .models()
            .ask(samplings.request(call, preparer.scope(call.step())), streamed(call.step()))
            .map(reply -> samplings.reply(call, masked(reply)))
            .subscribe(
                reply -> ended(new Event.ModelReplied(call.step(), call.call(), reply)),
                failure -> ended(failed(call.step(), call.call(), failure)));
    remember(call.call(), subscription);
  }

  private ModelReply held(Command.CallModel call, CompiledStep step, ModelReply reply) {
    return step.step().verb() instanceof Verb.Plan plan && !OtherWay.isLookedFor(step)
        ? plans.held(call.step(), plan, Conversations.goal(call.conversation().prompt()), reply)
        : agentPlans.held(call, reply);
  }

  private Consumer<String> streamed(StepPath step) {
    return text ->
        ports.observer().progress(step, new RunObserver.Progress.Streamed(text.length()));
  }

  private Event.OfCall failed(StepPath step, String call, Throwable failure) {
    StepError error =
        failure instanceof ModelException known
            ? masked(known.error())
            : StepError.of(ErrorKind.MODEL_ERROR, masking.text(String.valueOf(failure)));
    boolean billed = !(failure instanceof ModelException known) || known.possiblyBilled();
    return new Event.ModelFailed(step, call, error, billed);
  }

  private Models.Reply masked(Models.Reply reply) {
    return new Models.Reply(
        masking.text(reply.text()),
        reply.reasoning() == null ? null : masking.value(reply.reasoning()),
        reply.calls().stream()
            .map(
                wanted ->
                    new Models.Wanted(
                        wanted.id(), wanted.name(), masking.value(wanted.arguments())))
            .toList(),
        reply.structured() == null ? null : masking.value(reply.structured()),
        reply.truncated(),
        reply.usage());
  }

  private StepError masked(StepError error) {
    return new StepError(
        error.kind(),
        masking.text(error.message()),
        error.details().stream().map(masking::text).toList());
  }

  /** Brings the news at the time given; those of an earlier call of the name never come. */
  private void wake(String name, Instant due, News news) {
    Duration delay = Duration.between(ports.clock().now(), due);
    Runnable earlier =
        timers.put(
            name,
            ports
                .clock()
                .after(delay.isNegative() ? Duration.ZERO : delay, () -> tell.accept(news)));
    if (earlier != null) {
      earlier.run();
    }
  }

  /** Disposing tells the other side; what became of the call is unknown. */
  private void cancel(Command.CancelCall cancel) {
    Disposable call = calls.remove(cancel.call());
    if (call == null) {
      return;
    }
    call.dispose();
    StepError error = StepError.of(ErrorKind.CANCELLED, "The call was given up");
    tell.accept(
        state -> {
          if (!state.awaits(cancel.step(), cancel.call())) {
            return null;
          }
          return state.openToolCall(cancel.step(), cancel.call()) == null
              ? new Event.ModelFailed(cancel.step(), cancel.call(), error, true)
              : new Event.ToolFailed(cancel.step(), cancel.call(), error, true);
        });
  }

  /** Late and duplicate answers change nothing, so they are not recorded either. */
  private void ended(Event.OfCall event) {
    calls.remove(event.call());
    tell.accept(state -> state.awaits(event.step(), event.call()) ? event : null);
  }

  private void remember(String call, Disposable subscription) {
    if (!subscription.isDisposed()) {
      calls.put(call, subscription);
    }
    if (subscription.isDisposed()) {
      calls.remove(call);
    }
    if (closed) {
      subscription.dispose();
    }
  }

  @Override
  public void close() {
    closed = true;
    asker.close();
    calls.values().forEach(Disposable::dispose);
    timers.values().forEach(Runnable::run);
  }
}
