package dev.workflow.run;

import dev.workflow.run.Phase.Mover;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** All steps of a run with the counters and queues that make each move cheap. */
final class Steps {
  private final Plan plan;
  private final Map<String, Graph> graphs = new HashMap<>();
  private final Scope outermost;
  private final Map<StepPath, StepRun> byPath = new LinkedHashMap<>();
  private final Deque<StepRun> agenda = new ArrayDeque<>();
  private final PriorityQueue<StepRun> ready =
      new PriorityQueue<>(
          Comparator.comparingLong((StepRun step) -> -step.scope.remainingMillis(step.index))
              .thenComparingLong(step -> step.order));
  private final Map<Mover, Integer> movers = new EnumMap<>(Mover.class);
  private int slotsTaken;
  private long created;

  Steps(Plan plan) {
    this.plan = plan;
    this.outermost = new Scope(new Graph(plan.nodes()), null);
    fill(outermost);
  }

  /** The outermost graph. */
  Scope outermost() {
    return outermost;
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
    return outermost.open == 0;
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
    end(step, outcome, time);
    if (step.parent != null) {
      step.parent.openElements--;
      touch(step.parent);
      return;
    }
    Scope scope = step.scope;
    scope.open--;
    for (int follower : scope.graph.successors(step.index)) {
      release(scope.current[follower]);
    }
    if (scope.open == 0 && scope.container != null) {
      touch(scope.container);
    }
  }

  private void end(StepRun step, StepStatus outcome, Instant time) {
    step.outcome = outcome;
    step.ended = time;
    step.calls.clear();
    step.agent = null;
    move(step, Phase.ENDED);
  }

  private void release(StepRun follower) {
    follower.behind--;
    if (follower.behind == 0 && follower.phase == Phase.BEHIND) {
      move(follower, Phase.DUE);
    }
  }

  /** Lets as many elements of an {@code each} begin as its own bound allows. */
  void fillWindow(StepRun each) {
    Plan.Fan fan = each.node.each();
    int bound = fan == null || fan.concurrency() == 0 ? Integer.MAX_VALUE : fan.concurrency();
    while (each.openElements < bound && each.elements.size() < each.items().size()) {
      StepRun element = each.element(each.items().get(each.elements.size()), created++);
      each.elements.add(element);
      each.openElements++;
      add(element);
    }
  }

  /** Begins the graph inside a container. */
  void open(StepRun container, String body) {
    Graph graph = graphs.computeIfAbsent(body, this::graph);
    Scope scope = new Scope(graph, container);
    container.body = scope;
    move(container, Phase.OPEN);
    fill(scope);
  }

  /** Takes in graphs that are known only now. */
  void add(String name, Plan written) {
    graphs.putIfAbsent(name, new Graph(written.nodes()));
    written.bodies().forEach((body, nodes) -> graphs.putIfAbsent(body, new Graph(nodes)));
  }

  private Graph graph(String body) {
    List<Node> nodes = plan.bodies().get(body);
    if (nodes == null) {
      throw new IllegalArgumentException("The plan has no graph " + body);
    }
    return new Graph(nodes);
  }

  private void fill(Scope scope) {
    for (int i = 0; i < scope.current.length; i++) {
      Node node = scope.graph.nodes().get(i);
      StepPath path =
          scope.container == null ? StepPath.of(node.id()) : scope.container.path.child(node.id());
      place(scope, i, path, node.edges().size());
    }
  }

  /**
   * Has everything inside a container stopped.
   *
   * @param container what gives up
   */
  void giveUp(StepRun container) {
    container.givesUp = true;
    if (container.body != null) {
      container.body.unended().forEach(this::touch);
    }
    touch(container);
  }

  /**
   * Puts a step or element that has run back to its beginning.
   *
   * @param outcome of the run that is over
   */
  StepRun runAgain(StepRun old, StepStatus outcome, Instant time) {
    end(old, outcome, time);
    int revision =
        old.parent == null ? old.scope.nextRevision(old.index) : old.path.last().revision() + 1;
    old.scope.reached(old.index, revision);
    StepRun again = old.onceMore(revision, created++);
    if (old.parent == null) {
      old.scope.current[old.index] = again;
    } else {
      old.parent.elements.set(old.position, again);
    }
    add(again);
    return again;
  }

  /** Puts every step of a judge's region back to its beginning, one revision further. */
  void revise(StepRun judge) {
    Plan.Revise revise = judge.node.revise();
    if (revise == null || judge.output == null) {
      throw new IllegalArgumentException("Step " + judge.path + " revises nothing");
    }
    Scope scope = judge.scope;
    boolean[] inRegion = new boolean[scope.current.length];
    revise.region().forEach(index -> inRegion[index] = true);
    Feedback feedback =
        new Feedback(judge.node.id(), judge.output, scope.current[revise.target()].output);
    int next = judge.revisions + 1;
    for (int index : revise.region()) {
      StepRun old = scope.current[index];
      if (old.ended()) {
        scope.open++;
        holdFollowers(scope, index, inRegion);
      }
      retire(old);
      StepPath path = old.path.revision(scope.nextRevision(index));
      place(scope, index, path, edgesInside(old.node, inRegion));
    }
    scope.current[revise.target()].feedback = feedback;
    scope.current[judge.index].revisions = next;
  }

  /** Steps outside that were let go wait for the new revision as well. */
  private static void holdFollowers(Scope scope, int index, boolean[] inRegion) {
    for (int follower : scope.graph.successors(index)) {
      if (!inRegion[follower]) {
        scope.current[follower].behind++;
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

  private void place(Scope scope, int index, StepPath path, int behind) {
    Phase phase = behind == 0 ? Phase.DUE : Phase.BEHIND;
    StepRun step = new StepRun(scope, path, index, created++, phase);
    step.behind = behind;
    scope.current[index] = step;
    add(step);
  }

  private void add(StepRun step) {
    if (byPath.put(step.path, step) != null) {
      throw new IllegalStateException("Two steps have the path " + step.path);
    }
    movers.merge(step.phase.mover(), 1, Integer::sum);
    if (step.phase == Phase.DUE) {
      touch(step);
    }
  }
}
