package dev.workflow.run;

import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of each step when the plan of a run changes; changes nothing itself. A step stays as
 * it is unless its own work is another, or something it waits for begins anew. Of a container that
 * stays, the steps inside are looked at one by one.
 */
final class PlanChange {

  /** What becomes of a step of the old plan that is in the new one. */
  enum Fate {
    /** It stays as it is. */
    STAYS,
    /** It begins anew. */
    AGAIN,
    /** A container that has ended, or an each over one: it goes on. */
    REOPENS
  }

  private final Plan plan;
  private final Graph outermost;
  private final Set<String> changed;
  private final Map<String, Graph> graphs = new HashMap<>();
  private final Map<StepRun, Fate> fates = new HashMap<>();
  private final List<StepRun> gone = new ArrayList<>();
  private final List<StepPath> lost = new ArrayList<>();

  /**
   * A change of the graph that runs.
   *
   * @param scope where the outermost graph of the plan takes the place of another
   * @param changed names of the steps whose work is not what it was
   * @param confirmed steps that are to be undone should the run fail
   * @param undoing the step that is being undone; absent: none is
   */
  PlanChange(
      Plan plan,
      Set<String> changed,
      Scope scope,
      Collection<StepRun> confirmed,
      @Nullable StepPath undoing) {
    this.plan = plan;
    this.changed = changed;
    this.outermost = new Graph(plan.nodes());
    boolean goesOn = look(scope, this.outermost);
    if (undoing != null && goesOn) {
      lost.add(undoing);
    }
    int depth = scope.container == null ? 0 : scope.container.path.segments().size();
    confirmed.stream()
        .filter(step -> isInside(step, scope))
        .map(step -> step.path)
        .filter(path -> !undoes(path.segments().subList(depth, path.segments().size())))
        .forEach(lost::add);
  }

  private static boolean isInside(StepRun step, Scope scope) {
    for (Scope at = step.scope; at != null; at = at.around()) {
      if (at == scope) {
        return true;
      }
    }
    return false;
  }

  /** Whether the new plan still says how to undo a step. */
  private boolean undoes(List<StepPath.Segment> path) {
    List<Node> nodes = plan.nodes();
    Node node = null;
    for (StepPath.Segment segment : path) {
      node = nodes.stream().filter(each -> each.id().equals(segment.id())).findFirst().orElse(null);
      if (node == null) {
        return false;
      }
      nodes = plan.bodies().getOrDefault(String.valueOf(node.body()), List.of());
    }
    return node != null && node.undo() != null;
  }

  Graph outermost() {
    return outermost;
  }

  /** Of a step that has none, it stays. */
  Fate fate(StepRun step) {
    return fates.getOrDefault(step, Fate.STAYS);
  }

  Graph graph(@Nullable String body) {
    List<Node> nodes = body == null ? null : plan.bodies().get(body);
    if (nodes == null) {
      throw new IllegalArgumentException("The plan has no graph " + body);
    }
    return graphs.computeIfAbsent(String.valueOf(body), name -> new Graph(nodes));
  }

  Impact impact() {
    Set<StepPath> again = new LinkedHashSet<>();
    List<StepPath> reopened = new ArrayList<>();
    List<StepPath> busy = new ArrayList<>();
    fates.forEach(
        (step, fate) -> {
          if (fate == Fate.AGAIN && step.hasWorked()) {
            again.add(step.path);
          } else if (fate == Fate.REOPENS) {
            reopened.add(step.path);
          }
        });
    Stream.concat(gone.stream(), fates.keySet().stream().filter(step -> fate(step) == Fate.AGAIN))
        .flatMap(Scope::withInside)
        .filter(step -> !step.calls.isEmpty())
        .map(step -> step.path)
        .distinct()
        .sorted()
        .forEach(busy::add);
    return new Impact(
        again,
        gone.stream().filter(StepRun::hasWorked).map(step -> step.path).sorted().toList(),
        reopened.stream().sorted().toList(),
        busy,
        lost);
  }

  /** Whether anything in the graph begins or goes on that had ended, or is new. */
  private boolean look(Scope scope, Graph next) {
    boolean[] open = new boolean[next.nodes().size()];
    boolean any = false;
    for (int index : next.inOrder()) {
      Node node = next.nodes().get(index);
      StepRun old = scope.current(node.id());
      open[index] = old == null || look(old, node, waits(node, open)) != Fate.STAYS;
      any |= open[index];
    }
    Set<String> kept = new HashSet<>();
    next.nodes().forEach(node -> kept.add(node.id()));
    for (StepRun old : scope.current) {
      if (!kept.contains(old.node.id())) {
        gone.add(old);
        any = true;
      }
    }
    return any;
  }

  private static boolean waits(Node node, boolean[] open) {
    return node.edges().stream().map(Edge::source).anyMatch(source -> open[source]);
  }

  private Fate look(StepRun step, Node node, boolean sourceOpen) {
    boolean another =
        node.kind() != step.node.kind()
            || (node.each() == null) != (step.node.each() == null)
            || changed.contains(step.path.name());
    Fate fate = another || sourceOpen ? Fate.AGAIN : inside(step, node);
    if (fate != Fate.STAYS) {
      fates.put(step, fate);
    }
    return fate;
  }

  /** What a difference inside does to a container, or to an each over one. */
  private Fate inside(StepRun step, Node node) {
    boolean any = false;
    for (StepRun element : step.elements) {
      Fate fate = inside(element, node);
      if (fate != Fate.STAYS) {
        fates.put(element, fate);
        any = true;
      }
    }
    if (step.body != null && !step.runsWrittenPlan()) {
      any = look(step.body, graph(node.body()));
    }
    if (!any) {
      return Fate.STAYS;
    }
    if (step.givesUp || step.hasEnough) {
      return Fate.AGAIN;
    }
    return step.phase == Phase.OPEN || step.phase == Phase.FANNED_OUT ? Fate.STAYS : Fate.REOPENS;
  }
}
