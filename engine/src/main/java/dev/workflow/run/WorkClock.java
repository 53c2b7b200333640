package dev.workflow.run;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The working time of a run, and of the steps and agents in it that have limits. A step works while
 * it or anything inside it makes a call or waits for a time; an agent while a step that runs it
 * makes calls, or a plan that it has written is at work.
 */
final class WorkClock {
  private Duration now = Duration.ZERO;
  private final Map<String, Budget> agents;

  /** Of all that have worked. */
  private final Map<Event.TimeMeasured, Budget> known = new LinkedHashMap<>();

  /** Those at work that nobody in this process was ordered to look at since they began to be. */
  private final Set<WorkTime> unwatched = new LinkedHashSet<>();

  /**
   * A clock that stands at zero.
   *
   * @param agents what each agent with limits may use up; may grow
   */
  WorkClock(Map<String, Budget> agents) {
    this.agents = agents;
  }

  /** How long the run has worked. */
  Duration now() {
    return now;
  }

  void advance(Duration time) {
    now = now.plus(time);
  }

  /** A step has gone to work, or ceased to be at it; or what it is paid from is another. */
  void turned(StepRun step) {
    for (WorkTime time : step.times) {
      time.stop(now);
      if (!time.runs()) {
        unwatched.remove(time);
      }
    }
    step.times = step.phase.takesTime() ? start(step) : List.of();
  }

  private List<WorkTime> start(StepRun step) {
    Set<Budget> budgets = new LinkedHashSet<>(step.scope.budgets(step));
    Budget ofAgent =
        step.phase.holdsSlot() && step.prepared instanceof Prepared.Conversation conversation
            ? agents.get(conversation.agent())
            : null;
    if (ofAgent != null) {
      budgets.add(ofAgent);
    }
    List<WorkTime> times = new ArrayList<>(budgets.size());
    for (Budget budget : budgets) {
      WorkTime time = budget.time;
      if (time != null) {
        known.put(time.look, budget);
        time.start(now);
        watch(time);
        times.add(time);
      }
    }
    return times;
  }

  private void watch(WorkTime time) {
    if (time.isWatched()) {
      unwatched.add(time);
    }
  }

  /** Bounds are others than they were. */
  void watchAgain() {
    known.values().stream().map(budget -> budget.time).forEach(this::watchAgain);
  }

  private void watchAgain(@Nullable WorkTime time) {
    if (time != null) {
      watch(time);
    }
  }

  /** What was looked at; null: nothing of the kind has worked. */
  @Nullable Budget looked(Event.TimeMeasured look) {
    Budget budget = known.get(look);
    if (budget != null && budget.time != null) {
      budget.time.looked(now);
      watch(budget.time);
    }
    return budget;
  }

  /** Whether something is at work whose time is bounded. */
  boolean runs(Event.TimeMeasured look) {
    Budget budget = known.get(look);
    return budget != null && budget.time != null && budget.time.isWatched();
  }

  /**
   * The orders to look at those at work that nobody looks at.
   *
   * @param time the clock on the wall
   */
  List<Command> looks(Instant time) {
    List<Command> orders = new ArrayList<>(unwatched.size());
    for (WorkTime each : unwatched) {
      orders.add(new Command.MeasureTime(each.look, time.plus(each.untilNextLook(now))));
    }
    unwatched.clear();
    return orders;
  }
}
