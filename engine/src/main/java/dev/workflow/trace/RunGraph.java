package dev.workflow.trace;

import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Event;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import dev.workflow.trace.StepGraph.Drawn;
import dev.workflow.trace.StepGraph.Link;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Draws what a run has run: every revision and element of its steps, the graphs that containers
 * opened, plans that were written in the run, what was undone, and how its plan changed. Of many
 * elements or revisions those that matter are drawn, the others as one.
 */
public final class RunGraph {
  /** Most elements of an each, or revisions of a step, that are drawn by themselves. */
  private static final int DRAWN_MAX = 8;

  private final RunState state;
  private final RunTrace trace;
  private final Instances instances;
  private final Meanings meanings;
  private final InstanceWords words;
  private final int most;

  /** How much is told of each step. */
  public enum Detail {
    /** Where it stands. */
    STANDING,
    /** When it began, too, and what it has called. */
    EXECUTION
  }

  private RunGraph(RunTrace trace, Map<String, Workflow> workflows, Detail detail, int most) {
    this.most = most;
    this.trace = trace;
    this.state = trace.state();
    this.instances = new Instances(state);
    this.meanings = new Meanings(workflows, instances, revised(state));
    this.words = new InstanceWords(trace, detail);
  }

  /**
   * The graph of a run.
   *
   * @param workflows its definitions by name, plans written in it among them; the empty name: the
   *     root
   */
  public static StepGraph of(RunTrace trace, Map<String, Workflow> workflows, Detail detail) {
    return of(trace, workflows, detail, DRAWN_MAX);
  }

  /**
   * The same, where another number is many.
   *
   * @param most elements of an each, or revisions of a step, drawn by themselves; at least 2
   */
  static StepGraph of(RunTrace trace, Map<String, Workflow> workflows, Detail detail, int most) {
    RunGraph graph = new RunGraph(trace, workflows, detail, most);
    return new StepGraph(graph.inside(null, trace.state().plan().nodes()).steps(), graph.remarks());
  }

  private List<String> remarks() {
    List<String> lines = new ArrayList<>();
    for (PlanTurn turn : trace.turns()) {
      lines.add("↻ at " + words.since(turn.at()) + "  " + PlanTurn.why(turn.event()));
      turn.steps().forEach(line -> lines.add("    " + line));
    }
    return lines;
  }

  /** One graph that was opened. */
  private StepGraph inside(@Nullable StepPath container, List<Node> nodes) {
    Map<String, Revisions> beside = new LinkedHashMap<>();
    instances.inside(container).forEach((id, all) -> beside.put(id, Revisions.of(all, most)));
    Ways ways = new Ways(nodes, beside, trace);
    Layers layers = new Layers(nodes);
    List<Drawn> rows = new ArrayList<>();
    Set<String> kept = new HashSet<>();
    for (int index : layers.inOrder()) {
      Node node = nodes.get(index);
      Revisions revisions = beside.get(node.id());
      kept.add(node.id());
      if (revisions != null) {
        boolean parallel = layers.isParallel(index);
        add(
            revisions,
            step ->
                row(
                    step,
                    parallel,
                    ways.after(step, node),
                    revisions.isFirst(step) ? notes(step, nodes, node) : List.of(),
                    ways.revises(step, node)),
            rows);
      }
    }
    List<String> gone = List.of("taken out of the plan");
    beside.forEach(
        (id, revisions) -> {
          if (!kept.contains(id) && !isAttached(revisions)) {
            add(revisions, step -> row(step, false, List.of(), gone, null), rows);
          }
        });
    return new StepGraph(rows, List.of());
  }

  private void add(Revisions revisions, Function<StepInfo, Drawn> row, List<Drawn> rows) {
    if (!revisions.together().isEmpty()) {
      String id = revisions.idOfRest();
      Standing standing = Standing.of(revisions.together(), 0);
      rows.add(together(revisions.together(), revisions.nameOfRest(), id, standing));
    }
    for (StepInfo step : revisions.alone()) {
      rows.add(row.apply(step));
      attached(step, rows);
    }
  }

  private List<String> notes(StepInfo step, List<Node> nodes, Node node) {
    Step meaning = meanings.step(step.path());
    String revises = node.revise() == null ? null : nodes.get(node.revise().target()).id();
    return meaning == null ? List.of() : StepWords.notes(meaning, node, revises);
  }

  private Drawn row(
      StepInfo step,
      boolean parallel,
      List<Link> after,
      List<String> notes,
      @Nullable String revises) {
    StepPath path = step.path();
    boolean element = path.last().key() != null && !path.last().attached();
    return new Drawn(
        path.toString(),
        label(path),
        parallel,
        StepGraph.glyph(step.status()),
        element ? "" : what(step),
        after,
        notes,
        revises,
        words.now(step, fansOut(step) ? standing(step) : null),
        words.details(step),
        fansOut(step) ? elements(step) : opened(step));
  }

  /** In its own graph; an element by its key. */
  private static String label(StepPath path) {
    StepPath.Segment last = path.last();
    StepPath parent = path.parent();
    if (last.attached() && parent != null) {
      return label(parent) + last;
    }
    return last.key() == null ? last.toString() : last.toString().substring(last.id().length());
  }

  private String what(StepInfo step) {
    Step meaning = meanings.step(step.path());
    return meaning == null
        ? StepWords.what(step.node(), step.prepared())
        : StepWords.what(meaning, step.node());
  }

  /** What undoes a step, or looks for another way after its failure, stands behind it. */
  private void attached(StepInfo step, List<Drawn> rows) {
    for (List<StepInfo> all : instances.inside(step.path()).values()) {
      for (StepInfo other : all) {
        if (other.path().last().attached()) {
          Link after = new Link(step.path().toString(), label(step.path()), false);
          rows.add(row(other, false, List.of(after), List.of(), null));
          attached(other, rows);
        }
      }
    }
  }

  private static boolean isAttached(Revisions revisions) {
    return Stream.concat(revisions.together().stream(), revisions.alone().stream())
        .anyMatch(step -> step.path().last().attached());
  }

  /** Where another workflow took the place of the one inside a container, and its name. */
  private static Map<StepPath, String> revised(RunState run) {
    Map<StepPath, String> revised = new HashMap<>();
    for (Event.PlanChanged change : run.planChanges()) {
      Event.Revision revision = change.revision();
      if (revision != null && revision.within() != null) {
        revised.put(revision.within(), revision.name());
      }
    }
    return revised;
  }

  private static boolean fansOut(StepInfo step) {
    return step.prepared() instanceof Prepared.Items && step.path().last().key() == null;
  }

  /** The graph that a container has opened, or will. */
  private StepGraph opened(StepInfo step) {
    if (isOpen(step)) {
      return inside(step.path(), state.nodesInside(step.path()));
    }
    Step meaning = meanings.step(step.path());
    return step.status().ended() || meaning == null
        ? StepGraph.EMPTY
        : new PlanGraph(state.plan(), meanings.around(step.path()))
            .inside(step.node(), meaning.name(), step.path().toString());
  }

  private boolean isOpen(StepInfo step) {
    return instances.inside(step.path()).values().stream()
        .anyMatch(all -> !all.getFirst().path().last().attached());
  }

  private int toCome(StepInfo each) {
    int items = each.prepared() instanceof Prepared.Items all ? all.items().size() : 0;
    return items - instances.elements(each.path()).size();
  }

  private Standing standing(StepInfo each) {
    return Standing.of(
        instances.elements(each.path()).stream().map(List::getLast).toList(), toCome(each));
  }

  private StepGraph elements(StepInfo each) {
    Collection<List<StepInfo>> elements = instances.elements(each.path());
    boolean few = elements.size() + toCome(each) <= most;
    List<Drawn> rows = new ArrayList<>();
    List<StepInfo> others = new ArrayList<>();
    List<StepInfo> newest = new ArrayList<>();
    int drawn = 0;
    for (List<StepInfo> revisions : elements) {
      if (few || (matters(revisions.getLast()) && drawn < most)) {
        drawn++;
        add(
            Revisions.of(revisions, most),
            step -> row(step, false, List.of(), List.of(), null),
            rows);
      } else {
        others.addAll(revisions);
        newest.add(revisions.getLast());
      }
    }
    int more = elements.size() - drawn + toCome(each);
    if (more > 0 && !elements.isEmpty()) {
      Standing standing = Standing.of(newest, toCome(each));
      rows.add(together(others, each.path() + "[*]", "[" + more + " more]", standing));
    }
    return new StepGraph(rows, List.of());
  }

  private static boolean matters(StepInfo element) {
    return element.injected()
        || switch (element.status()) {
          case FAILED, IN_DOUBT, RUNNING, WAITING, BLOCKED -> true;
          case PENDING, SUCCEEDED, SKIPPED, CANCELLED -> false;
        };
  }

  /** Several revisions or elements of one step as one. */
  private Drawn together(List<StepInfo> steps, String name, String id, Standing standing) {
    List<String> failed =
        steps.stream()
            .filter(step -> step.status() == StepStatus.FAILED)
            .map(step -> label(step.path()))
            .toList();
    return new Drawn(
        name,
        id,
        false,
        standing.glyph(),
        "",
        List.of(),
        failed.isEmpty() ? List.of() : List.of("failed: " + Words.some(failed)),
        null,
        standing.text(),
        words.details(steps),
        insideOf(steps, name));
  }

  /** The graphs inside several steps as one. */
  private StepGraph insideOf(List<StepInfo> steps, String name) {
    Map<String, List<StepInfo>> here = new LinkedHashMap<>();
    List<Node> nodes = List.of();
    List<StepInfo> containers = new ArrayList<>(steps);
    steps.forEach(step -> instances.elements(step.path()).forEach(containers::addAll));
    for (StepInfo container : containers) {
      collect(container, here);
      nodes = nodes.isEmpty() && isOpen(container) ? state.nodesInside(container.path()) : nodes;
    }
    Map<String, String> names = new HashMap<>();
    here.keySet().forEach(id -> names.put(id, name + "/" + id));
    List<Drawn> rows = new ArrayList<>();
    Layers layers = new Layers(nodes);
    for (int index : layers.inOrder()) {
      Node node = nodes.get(index);
      List<StepInfo> all = here.remove(node.id());
      if (all != null) {
        List<Link> after = new ArrayList<>();
        for (Edge edge : node.edges()) {
          String source = nodes.get(edge.source()).id();
          after.add(
              new Link(names.getOrDefault(source, source), source, Layers.isSoft(edge.kind())));
        }
        rows.add(counted(all, name, layers.isParallel(index), after));
      }
    }
    here.values().forEach(all -> rows.add(counted(all, name, false, List.of())));
    return new StepGraph(rows, List.of());
  }

  private void collect(StepInfo container, Map<String, List<StepInfo>> here) {
    instances
        .inside(container.path())
        .forEach((id, steps) -> here.computeIfAbsent(id, at -> new ArrayList<>()).addAll(steps));
  }

  private Drawn counted(List<StepInfo> all, String around, boolean parallel, List<Link> after) {
    Standing standing = Standing.of(all, 0);
    StepInfo one = all.getFirst();
    String name = around + "/" + one.path().id();
    return new Drawn(
        name,
        one.path().id(),
        parallel,
        standing.glyph(),
        what(one),
        after,
        List.of(),
        null,
        standing.text(),
        words.details(all),
        insideOf(all, name));
  }
}
