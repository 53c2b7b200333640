package dev.workflow.run;

import dev.workflow.run.Phase.Mover;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Prepared.Item;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** All steps of a run with the counters and queues that make each move cheap. */
final class Steps {
  private final Plan plan;
  private final Graph graph;
  private final StepRun[] current;
  private final Map<StepPath, StepRun> byPath = new LinkedHashMap<>();
  private final Deque<StepRun> agenda = new ArrayDeque<>();
  private final PriorityQueue<StepRun> ready;
  private final Map<Mover, Integer> movers = new EnumMap<>(Mover.class);
  private int slotsTaken;
  private int openNodes;
  private long created;

  Steps(Plan plan) {
    this.plan = plan;
    this.graph = new Graph(plan);
    this.current = new StepRun[plan.nodes().size()];
    this.ready =
        new PriorityQueue<>(
            Comparator.comparingLong((StepRun step) -> -graph.remainingMillis(step.index))
                .thenComparingInt(step -> step.index)
                .thenComparingLong(step -> step.order));
    for (int i = 0; i < current.length; i++) {
      Node node = plan.nodes().get(i);
      place(i, StepPath.of(node.id()), node.edges().size());
    }
    openNodes = current.length;
  }

  Plan plan() {
    return plan;
  }

  StepRun current(int index) {
    return current[index];
  }

  @Nullable StepRun find(StepPath path) {
    return byPath.get(path);
  }

  /** The step of an event. */
  StepRun get(StepPath path) {
    StepRun step = byPath.get(path);
    if (step == null) {
      throw new IllegalArgumentException(
          "The journal speaks of step " + path + ", which the run has not");
    }
    return step;
  }

  Collection<StepRun> all() {
    return byPath.values();
  }

  int count(Mover mover) {
    return movers.getOrDefault(mover, 0);
  }

  boolean enginesTurn() {
    return count(Mover.ENGINE) > 0;
  }

  boolean needsHelp() {
    return !enginesTurn() && count(Mover.PEOPLE) + count(Mover.DECISION) > 0;
  }

  int slotsTaken() {
    return slotsTaken;
  }

  boolean allEnded() {
    return openNodes == 0;
  }

  /** Has the step looked at by the next decision. */
  void touch(StepRun step) {
    if (!step.onAgenda) {
      step.onAgenda = true;
      agenda.add(step);
    }
  }

  /** The next step to look at; null: all were. */
  @Nullable StepRun nextTouched() {
    StepRun step = agenda.poll();
    if (step != null) {
      step.onAgenda = false;
    }
    return step;
  }

  /** The ready step with the longest way before it; null: none is ready. */
  @Nullable StepRun nextReady() {
    while (!ready.isEmpty() && ready.element().phase != Phase.READY) {
      ready.remove();
    }
    return ready.peek();
  }

  /** Changes the phase and has the step looked at. */
  void move(StepRun step, Phase phase) {
    movers.merge(step.phase.mover(), -1, Integer::sum);
    movers.merge(phase.mover(), 1, Integer::sum);
    slotsTaken += (phase.holdsSlot() ? 1 : 0) - (step.phase.holdsSlot() ? 1 : 0);
    step.phase = phase;
    if (phase == Phase.READY) {
      ready.add(step);
    }
    touch(step);
  }

  /** Ends the step for good and lets go of what waited for it. */
  void settle(StepRun step, StepStatus outcome, Instant time) {
    step.outcome = outcome;
    step.ended = time;
    step.calls.clear();
    step.agent = null;
    move(step, Phase.ENDED);
    if (step.parent != null) {
      step.parent.openElements--;
      touch(step.parent);
      return;
    }
    openNodes--;
    for (int follower : graph.successors(step.index)) {
      release(current[follower]);
    }
  }

  private void release(StepRun follower) {
    follower.behind--;
    if (follower.behind == 0 && follower.phase == Phase.BEHIND) {
      move(follower, Phase.DUE);
    }
  }

  /** Lets as many elements of an {@code each} begin as its own bound allows. */
  void fillWindow(StepRun each) {
    int bound = each.node.concurrency() == 0 ? Integer.MAX_VALUE : each.node.concurrency();
    while (each.openElements < bound && each.elements.size() < each.items().size()) {
      Item item = each.items().get(each.elements.size());
      StepRun element =
          new StepRun(
              each.path.element(item.key()),
              each.index,
              each.node,
              created++,
              each,
              item,
              Phase.DUE);
      each.elements.add(element);
      each.openElements++;
      add(element);
    }
  }

  /** Puts every step of a judge's region back to its beginning, one revision further. */
  void revise(StepRun judge) {
    Plan.Revise revise = judge.node.revise();
    if (revise == null || judge.output == null) {
      throw new IllegalArgumentException("Step " + judge.path + " revises nothing");
    }
    boolean[] inRegion = new boolean[current.length];
    revise.region().forEach(index -> inRegion[index] = true);
    Feedback feedback =
        new Feedback(judge.node.id(), judge.output, current[revise.target()].output);
    int next = judge.revisions + 1;
    for (int index : revise.region()) {
      StepRun old = current[index];
      if (old.ended()) {
        openNodes++;
        holdFollowers(index, inRegion);
      }
      retire(old);
      int revision = old.path.last().revision() + 1;
      place(index, old.path.revision(revision), edgesInside(old.node, inRegion));
    }
    current[revise.target()].feedback = feedback;
    current[judge.index].revisions = next;
  }

  /** Steps outside that were let go wait for the new revision as well. */
  private void holdFollowers(int index, boolean[] inRegion) {
    for (int follower : graph.successors(index)) {
      if (!inRegion[follower]) {
        current[follower].behind++;
      }
    }
  }

  private void retire(StepRun old) {
    if (!old.ended()) {
      move(old, Phase.ENDED);
    }
  }

  private static int edgesInside(Node node, boolean[] inRegion) {
    int inside = 0;
    for (Edge edge : node.edges()) {
      inside += inRegion[edge.source()] ? 1 : 0;
    }
    return inside;
  }

  private void place(int index, StepPath path, int behind) {
    Phase phase = behind == 0 ? Phase.DUE : Phase.BEHIND;
    StepRun step = new StepRun(path, index, plan.nodes().get(index), created++, null, null, phase);
    step.behind = behind;
    current[index] = step;
    add(step);
  }

  private void add(StepRun step) {
    byPath.put(step.path, step);
    movers.merge(step.phase.mover(), 1, Integer::sum);
    if (step.phase == Phase.DUE) {
      touch(step);
    }
  }
}
