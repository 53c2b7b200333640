package dev.workflow.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One activation of a graph: the outermost of the run, or the body of a container. */
final class Scope {
  Graph graph;

  /** The step whose body this is; absent: the outermost graph. */
  final @Nullable StepRun container;

  /** The newest revision of each node. */
  StepRun[] current;

  /** The highest revision number of each node and its elements so far. */
  private int[] revisions;

  /** Expected time from the end of the last step here to the end of the run. */
  final long afterMillis;

  /** How many containers stand around its steps. */
  final int depth;

  /** What the containers around may use up, the innermost first. */
  private List<Budget> around;

  /** What its own nodes may use up, of those that have a bound. */
  private Map<Integer, Budget> budgets = new HashMap<>(0);

  private final Use use;

  /** Nodes that have not ended. */
  int open;

  /** What a graph is to the step around it. */
  private enum Use {
    BODY,
    /** It takes back what the step has done. */
    UNDO,
    /** It looks for another way after a failure of the step. */
    REPLAN,
    /** It is a plan that the step, an agent, has written. */
    SUBPLAN
  }

  Scope(Graph graph, @Nullable StepRun container) {
    this(
        graph,
        container,
        Use.BODY,
        container == null ? List.of() : container.scope.budgets(container));
  }

  /** The graph that undoes a step; the bounds of the step are not its own. */
  static Scope undoing(Graph graph, StepRun undone) {
    return new Scope(graph, undone, Use.UNDO, List.of());
  }

  /** The graph that looks for another way; the bounds of the step are not its own. */
  static Scope replanning(Graph graph, StepRun failed) {
    return new Scope(graph, failed, Use.REPLAN, List.of());
  }

  /**
   * The graph of a plan that an agent has written.
   *
   * @param around what the agent's own calls are paid from, but for the budget of the run
   */
  static Scope delegated(Graph graph, StepRun agent, List<Budget> around) {
    return new Scope(graph, agent, Use.SUBPLAN, around);
  }

  private Scope(Graph graph, @Nullable StepRun container, Use use, List<Budget> around) {
    this.use = use;
    this.graph = graph;
    this.container = container;
    this.current = new StepRun[graph.nodes().size()];
    this.revisions = new int[current.length];
    this.open = current.length;
    this.depth = container == null ? 0 : container.scope.depth + 1;
    this.around = List.copyOf(around);
    this.afterMillis =
        container == null
            ? 0
            : container.scope.remainingMillis(container.index)
                - container.node.estimate().toMillis();
  }

  /** The newest revision of the node of an id; null: the graph has none. */
  @Nullable StepRun current(String id) {
    Integer index = graph.indexOf(id);
    return index == null ? null : current[index];
  }

  /**
   * Becomes an activation of another graph. Nodes of the same id keep their step, the number of its
   * newest revision and what it has used up; the steps of others are to be placed.
   *
   * @param now the working time of the run
   */
  void become(Graph other, Duration now) {
    StepRun[] steps = new StepRun[other.nodes().size()];
    int[] reached = new int[steps.length];
    Map<Integer, Budget> used = new HashMap<>(0);
    for (int i = 0; i < steps.length; i++) {
      Integer old = graph.indexOf(other.nodes().get(i).id());
      if (old == null) {
        continue;
      }
      steps[i] = current[old];
      reached[i] = revisions[old];
      Budget budget = budgets.get(old);
      if (budget != null) {
        budget.allow(other.nodes().get(i).limits(), now);
        used.put(i, budget);
      }
    }
    graph = other;
    current = steps;
    revisions = reached;
    budgets = used;
    around = container == null ? List.of() : container.scope.budgets(container);
  }

  /** Expected time from the start of the node to the end of the run. */
  long remainingMillis(int node) {
    return afterMillis + graph.remainingMillis(node);
  }

  /** What a step here and those around it may use up, the innermost first; unbounded ones not. */
  List<Budget> budgets(StepRun step) {
    if (step.node.limits().isNone()) {
      return around;
    }
    List<Budget> all = new ArrayList<>();
    all.add(
        budgets.computeIfAbsent(
            step.index, index -> Budget.ofStep(nodePath(step), step.node.limits())));
    all.addAll(around);
    return Collections.unmodifiableList(all);
  }

  /** The path of the node, whichever of its elements and revisions asks. */
  private StepPath nodePath(StepRun step) {
    String id = step.node.id();
    return container == null ? StepPath.of(id) : container.path.child(id);
  }

  /** A revision number that neither the node nor an element of it has had. */
  int nextRevision(int node) {
    return ++revisions[node];
  }

  /** Takes note of a revision that an element has come to by itself. */
  void reached(int node, int revision) {
    revisions[node] = Math.max(revisions[node], revision);
  }

  /** The step of the id here or in a graph around; null: there is none. */
  @Nullable StepRun find(String id) {
    for (Scope scope = this; scope != null; scope = scope.around()) {
      Integer index = scope.graph.indexOf(id);
      if (index != null) {
        return scope.current[index];
      }
    }
    return null;
  }

  /** The graph around this one; null: this is the outermost. */
  @Nullable Scope around() {
    return container == null ? null : container.scope;
  }

  /** Whether these steps undo something, here or further out. */
  boolean undoes() {
    for (Scope scope = this; scope != null; scope = scope.around()) {
      if (scope.use == Use.UNDO) {
        return true;
      }
    }
    return false;
  }

  /** The container whose body this is; null: the outermost graph, or one attached to a step. */
  @Nullable StepRun containing() {
    return use == Use.BODY ? container : null;
  }

  /** Whether a container around these steps is giving up, or given up. */
  boolean givesUp() {
    for (Scope scope = this; scope != null && scope.use != Use.UNDO; scope = scope.around()) {
      StepRun around = scope.container;
      boolean stops = around != null && around.givesUp && scope.use != Use.REPLAN;
      if (stops || (around != null && around.isSurplus())) {
        return true;
      }
    }
    return false;
  }

  /** The steps here and in the graphs inside that have not ended, containers before their steps. */
  Stream<StepRun> unended() {
    return Arrays.stream(current).filter(step -> !step.ended()).flatMap(Scope::withInside);
  }

  static Stream<StepRun> withInside(StepRun step) {
    Stream<StepRun> elements =
        step.elements.stream().filter(element -> !element.ended()).flatMap(Scope::withInside);
    Stream<StepRun> inside =
        Stream.of(step.body, step.replanning, step.delegated())
            .filter(Objects::nonNull)
            .flatMap(Scope::unended);
    return Stream.concat(Stream.of(step), Stream.concat(elements, inside));
  }
}
