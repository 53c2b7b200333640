package dev.workflow.run;

import dev.workflow.definition.Resource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What calls are paid from within one decision: what it plans counts for what it decides next. */
final class Purse {
  private final RunState run;

  /** Budgets of which this decision has planned to use something, which no event has told yet. */
  private final List<Budget> planned = new ArrayList<>();

  private boolean limitReached;

  Purse(RunState run) {
    this.run = run;
  }

  /** Whether something could be taken. */
  sealed interface Take {}

  /** It could, or may at another time. */
  enum Taken implements Take {
    /** It is planned for. */
    YES,
    /** The run begins nothing new, or calls under way may take what is left. */
    NOT_NOW
  }

  /**
   * It never can.
   *
   * @param resource that the amount is too much of
   * @param ofRun whether the bound is the run's; else it is that of a step or an agent
   */
  record Exceeded(Resource resource, boolean ofRun, String message) implements Take {}

  /** A new decision. */
  void begin() {
    planned.forEach(Budget::forgetPlans);
    planned.clear();
    limitReached = run.limitReached != null;
  }

  /** Whether the run begins nothing new, as a limit of its is reached. */
  boolean isEmpty() {
    return limitReached;
  }

  /** The run begins nothing new, as it cannot go on within its own bound. */
  void end(Exceeded exceeded, List<Event> events) {
    limitReached = true;
    events.add(new Event.LimitReached(exceeded.resource().key(), exceeded.message()));
  }

  /**
   * Takes the amount from every budget that the calls of a step are paid from, if it fits into all.
   *
   * @param model that is to be called, for messages; absent: none, or unknown
   */
  Take take(StepRun step, Amount amount, @Nullable String model) {
    if (limitReached) {
      return Taken.NOT_NOW;
    }
    List<Budget> budgets = run.budgets(step);
    for (Budget budget : budgets) {
      Resource exceeded = budget.exceededBy(amount);
      if (exceeded != null) {
        boolean ofRun = budget == budgets.getLast();
        return new Exceeded(exceeded, ofRun, budget.exceeded(exceeded, amount, model));
      }
    }
    boolean waits = false;
    for (Budget budget : budgets) {
      if (budget.mustWaitFor(amount)) {
        budget.waiting.add(step);
        waits = true;
      }
    }
    if (waits) {
      return Taken.NOT_NOW;
    }
    budgets.forEach(budget -> budget.plan(amount));
    planned.addAll(budgets);
    return Taken.YES;
  }
}
