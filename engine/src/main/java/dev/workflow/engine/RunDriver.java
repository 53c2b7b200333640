package dev.workflow.engine;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Limits;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.run.Command;
import dev.workflow.run.Decider;
import dev.workflow.run.Decision;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;

/**
 * Drives one run: asks the kernel, records what it decides, performs what it orders, and records
 * what came of it. Append, act, append the answer: that order is the whole recovery story. One
 * thread at a time is in the loop, whichever brings news; a call that is not read-only, and every
 * report, waits until the events before it are on disk. A read-only call runs ahead of them, but
 * not of what a model or a person said: nobody is asked twice for what a call was made on.
 */
public final class RunDriver {

  /** How often messages of other processes are looked for. */
  private static final Duration POLL = Duration.ofMillis(200);

  /** Events that are computed in a row before they go to the disk together. */
  private static final int BATCH = 256;

  private final RunState run;
  private final Decider decider;
  private final RunLog log;
  private final Clock clock;
  private final RunObserver observer;
  private final Performer performer;
  private final Evaluator evaluator;
  private final CachedSteps cached;
  private final Queue<News> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger wakeUps = new AtomicInteger();
  private final Sinks.One<RunState> done = Sinks.one();
  private final List<Recorded> batch = new ArrayList<>();
  private final List<Command> calls = new ArrayList<>();

  /** Batches with something a model or a person said that are not on disk yet. */
  private final AtomicInteger sayings = new AtomicInteger();

  private volatile Runnable timeWatch = () -> {};
  private volatile boolean over;
  private volatile boolean interrupted;
  private volatile boolean closed;

  /** Something that happened outside; null when it turns out to be nothing. */
  interface News {
    @Nullable Event look(RunState run);
  }

  private RunDriver(RunState run, RunLog log, Ports ports, Resolved resolved) {
    this.run = run;
    this.decider = new Decider(run);
    this.log = log;
    this.clock = ports.clock();
    this.observer = ports.observer();
    WorkflowCompiler compiler = new WorkflowCompiler(ports.expressions());
    CompiledWorkflow workflow = compiler.compile(resolved).sound();
    Definitions definitions = new Definitions(resolved, workflow, compiler, ports.validator());
    WrittenPlans plans = new WrittenPlans(run, definitions, ports.planner());
    AgentPlans agentPlans = new AgentPlans(run, definitions, ports.planner(), ports.validator());
    Preparer preparer = new Preparer(run, definitions, plans, ports.validator(), ports.clock());
    OtherWay otherWay = new OtherWay(run, definitions, ports.planner());
    Masking masking = new Masking(ports.secrets());
    CacheKeys keys = new CacheKeys(run, definitions, preparer, ports.tools(), ports.models());
    this.cached = new CachedSteps(run, preparer, keys, ports.cache(), ports.clock(), masking);
    this.evaluator =
        new Evaluator(
            run,
            preparer,
            cached,
            definitions,
            plans,
            agentPlans,
            ports.tools(),
            ports.models(),
            otherWay,
            ports.clock());
    this.performer =
        new Performer(
            run, ports, definitions, plans, agentPlans, otherWay, preparer, masking, this::tell);
  }

  /**
   * What a driver works with.
   *
   * @param secrets values that must not be recorded; may grow while the run is driven
   */
  public record Ports(
      Tools tools,
      Models models,
      People people,
      Validator validator,
      Expressions expressions,
      Planner planner,
      Cache cache,
      Clock clock,
      RunObserver observer,
      Supplier<Set<String>> secrets) {}

  /** A driver for a run that begins with the given event. */
  public static RunDriver begin(
      Event.RunStarted start, RunLog log, Ports ports, Resolved resolved) {
    Recorded first = new Recorded(1, ports.clock().now(), log.epoch(), start);
    RunDriver driver = new RunDriver(RunState.begin(first), log, ports, resolved);
    driver.batch.add(first);
    return driver;
  }

  /**
   * A driver for a run that goes on.
   *
   * @param run the fold of its journal, which has not ended
   * @param limits from now on
   * @param change that the run goes over to; absent: it goes on as it was
   * @param resolved what it goes on with
   */
  public static RunDriver resume(
      RunState run,
      Limits limits,
      Event.@Nullable PlanChanged change,
      RunLog log,
      Ports ports,
      Resolved resolved) {
    RunDriver driver = new RunDriver(run, log, ports, resolved);
    driver.inbox.add(state -> new Event.RunResumed(limits));
    if (change != null) {
      driver.inbox.add(state -> change);
    }
    return driver;
  }

  /**
   * Drives the run until it is over, waits for a person, or is stopped.
   *
   * @return the state at that moment; errors with {@link JournalException} when the journal fails
   */
  public Mono<RunState> drive() {
    return Mono.defer(
        () -> {
          wakeUp();
          poll();
          watchTime();
          return done.asMono();
        });
  }

  /**
   * Asks for the run's cancellation: nothing new starts, calls under way are given up.
   *
   * @param undo whether what was done is then taken back
   */
  public void cancel(String reason, boolean undo) {
    tell(state -> state.status().ended() ? null : new Event.CancelRequested(reason, undo));
  }

  /**
   * Leaves the run as it is, to be resumed: gives up what is under way and records nothing more.
   * Calls without an answer are in doubt at the resume.
   */
  public void interrupt() {
    interrupted = true;
    wakeUp();
  }

  /** Brings news and has them dealt with, on this thread or on the one that is in the loop. */
  private void tell(News news) {
    inbox.add(news);
    wakeUp();
  }

  private void wakeUp() {
    if (wakeUps.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    while (seen != 0) {
      try {
        loop();
      } catch (RuntimeException | StackOverflowError bug) {
        fail(bug);
      }
      seen = wakeUps.addAndGet(-seen);
    }
  }

  private void loop() {
    if (interrupted && !over) {
      end();
    }
    if (over) {
      inbox.clear();
      return;
    }
    boolean more = true;
    while (more) {
      more = takeNews();
      Decision decision = decider.decide();
      decision.events().forEach(this::record);
      decision.commands().forEach(this::order);
      more |= !decision.isEmpty();
      if (!calls.isEmpty() || batch.size() >= BATCH) {
        flush();
      }
      if (!more) {
        more = pauseWhenOnlyHelpBringsItForward();
      }
    }
    flush();
  }

  private boolean takeNews() {
    boolean any = false;
    for (News news = inbox.poll(); news != null; news = inbox.poll()) {
      Event event = news.look(run);
      if (event != null) {
        record(event);
        any = true;
      }
    }
    return any;
  }

  private void record(Event event) {
    Recorded recorded = new Recorded(run.lastSeq() + 1, clock.now(), log.epoch(), event);
    run.apply(recorded);
    cached.see(recorded);
    performer.heard(event);
    batch.add(recorded);
  }

  /** What can be computed is answered at once; the rest waits for the batch. */
  private void order(Command command) {
    List<Event> answer = evaluator.evaluate(command);
    if (answer == null) {
      performer.expect(command);
      calls.add(command);
    } else {
      answer.forEach(this::record);
    }
  }

  private boolean pauseWhenOnlyHelpBringsItForward() {
    if (!run.needsHelp() || performer.someoneIsAsked() || !calls.isEmpty()) {
      return false;
    }
    RunStatus status = run.inDoubt() ? RunStatus.STOPPED : RunStatus.WAITING;
    String reason =
        run.inDoubt() ? "A call in doubt needs a decision" : "A person has to answer first";
    order(new Command.Pause(status, reason));
    return false;
  }

  private void flush() {
    List<Recorded> written = List.copyOf(batch);
    List<Command> afterwards = new ArrayList<>();
    boolean said = written.stream().anyMatch(it -> isSaid(it.event()));
    boolean callsRunAhead = !said && sayings.get() == 0;
    for (Command command : calls) {
      if (Performer.mayRunAhead(command, callsRunAhead)) {
        performer.perform(command);
      } else {
        afterwards.add(command);
      }
    }
    batch.clear();
    calls.clear();
    boolean last = run.status() != RunStatus.RUNNING;
    List<CachedSteps.Due> due = cached.takeDue();
    if (!written.isEmpty() || !afterwards.isEmpty()) {
      if (said) {
        sayings.incrementAndGet();
      }
      log.append(
          written,
          failure -> {
            if (said) {
              sayings.decrementAndGet();
            }
            written(written, afterwards, due, last, failure);
          });
    }
    over = last;
  }

  private static boolean isSaid(Event event) {
    return event instanceof Event.ModelReplied
        || event instanceof Event.QuestionAnswered
        || event instanceof Event.FailureAnswered
        || event instanceof Event.ElicitationAnswered;
  }

  /** The batch is on disk: it may be reported and acted on. */
  private void written(
      List<Recorded> written,
      List<Command> afterwards,
      List<CachedSteps.Due> due,
      boolean last,
      @Nullable JournalException failure) {
    if (failure != null) {
      fail(failure);
      return;
    }
    try {
      written.forEach(observer::recorded);
      if (!interrupted) {
        afterwards.forEach(performer::perform);
      }
      due.forEach(cached::keep);
    } catch (RuntimeException | StackOverflowError bug) {
      fail(bug);
      return;
    }
    if (last && !interrupted) {
      close();
      done.tryEmitValue(run);
    }
  }

  private void end() {
    over = true;
    close();
    done.tryEmitValue(run);
  }

  /** Lets go of all that would wake it up again. */
  private void close() {
    closed = true;
    performer.close();
    timeWatch.run();
  }

  private void fail(Throwable cause) {
    interrupted = true;
    close();
    done.tryEmitError(cause);
  }

  private void poll() {
    clock.after(
        POLL,
        () -> {
          if (over || interrupted) {
            return;
          }
          try {
            log.takeMessages().forEach(this::received);
            poll();
          } catch (JournalException failure) {
            fail(failure);
          }
        });
  }

  private void received(Message message) {
    switch (message) {
      case Message.Cancel cancel -> cancel(cancel.reason(), cancel.undo());
      case Message.Answer answer -> answer(StepPath.parse(answer.step()), answer.answer());
    }
  }

  private void answer(StepPath step, JsonNode answer) {
    tell(state -> performer.answered(step, new People.Answer(answer, "another process")));
  }

  /**
   * Wakes up when the working time may be used up; what counts is what the events say. A run that
   * is over by now, maybe on another thread, must not be held until then.
   */
  private void watchTime() {
    Duration left = run.limits().time().minus(run.activeTime());
    timeWatch =
        clock.after(
            left.isNegative() ? Duration.ZERO : left.plusMillis(1),
            () -> {
              if (!over && !interrupted) {
                tell(this::timeUsedUp);
              }
            });
    if (closed) {
      timeWatch.run();
    }
  }

  private @Nullable Event timeUsedUp(RunState state) {
    Instant now = clock.now();
    Duration since = Duration.between(state.lastEventAt(), now);
    Duration active = state.needsHelp() ? state.activeTime() : state.activeTime().plus(since);
    Duration limit = state.limits().time();
    if (state.limitReached() != null || state.status() != RunStatus.RUNNING) {
      return null;
    }
    if (active.compareTo(limit) < 0) {
      watchTime();
      return null;
    }
    return new Event.LimitReached(
        "time", "The run has worked for the " + Durations.text(limit) + " that limits.time allows");
  }
}
