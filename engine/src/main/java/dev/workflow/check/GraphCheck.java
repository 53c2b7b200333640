package dev.workflow.check;

import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.EdgeKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the graphs of a compiled workflow, or says why it has none. */
final class GraphCheck {

  /** Most steps of one workflow. */
  static final int STEPS_MAX = 10_000;

  /** Most edges of one workflow. */
  static final int EDGES_MAX = 500_000;

  /** Most steps with {@code revise}; each keeps a list of the steps it runs again. */
  static final int JUDGES_MAX = 100;

  private final Part part;
  private final Workflow workflow;
  private final CompiledWorkflow compiled;
  private final Nodes nodes;
  private final Report report;
  private final Map<String, List<Plan.Node>> bodies;
  private int edges;

  /**
   * A check of the graphs of a workflow.
   *
   * @param bodies takes the graphs inside its steps, by name
   */
  GraphCheck(
      Part part, CompiledWorkflow compiled, Nodes nodes, Map<String, List<Plan.Node>> bodies) {
    this.part = part;
    this.workflow = part.workflow();
    this.compiled = compiled;
    this.nodes = nodes;
    this.report = part.report();
    this.bodies = bodies;
  }

  /** The outermost graph; null where one is not sound. */
  @Nullable List<Plan.Node> nodes() {
    List<Step> all = workflow.allSteps();
    long judges = all.stream().filter(step -> step.revise() != null).count();
    if (!within(Rule.TOO_MANY_STEPS, "steps", all.size(), STEPS_MAX)
        || !within(Rule.TOO_MANY_JUDGES, "judges", judges, JUDGES_MAX)) {
      return null;
    }
    Set<String> inputs = Set.copyOf(workflow.inputSchema().path("properties").propertyNames());
    return nodes(workflow.steps(), new Drawing.Around(inputs, Set.of(), Set.of()));
  }

  /** The nodes of a graph; null where it is not sound, or one inside is not. */
  private @Nullable List<Plan.Node> nodes(List<Step> steps, Drawing.Around around) {
    Drawing drawing = new Drawing(steps, around, compiled, report);
    edges += drawing.edgeCount();
    if (!within(Rule.TOO_MANY_EDGES, "edges", edges, EDGES_MAX) || tellCircles(drawing)) {
      return null;
    }
    Map<Integer, BitSet> regions = Regions.draw(drawing, steps, report).orElse(null);
    if (regions == null || tellCircles(drawing)) {
      return null;
    }
    List<Plan.Node> planned = new ArrayList<>();
    boolean sound = true;
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      List<Plan.Node> inside = null;
      if (step.verb() instanceof Verb.Group group) {
        inside = nodes(group.steps(), around.inside(step, steps));
        sound &= inside != null;
        bodies.put(part.graph(step.name()), inside == null ? List.of() : inside);
      }
      if (step.undo() != null) {
        List<Plan.Node> undo = nodes(List.of(step.undo()), around.beside(steps));
        sound &= undo != null;
        bodies.put(String.valueOf(undo(step)), undo == null ? List.of() : undo);
      }
      BitSet region = regions.get(i);
      Plan.Revise revise = region == null ? null : revise(drawing, i, region);
      planned.add(nodes.node(step, drawing.edges(i), revise, body(step), inside, undo(step)));
    }
    return sound ? planned : null;
  }

  /** The name of the graph that a step runs; null: it runs none. */
  private @Nullable String body(Step step) {
    String runs = nodes.runBy(part.name(), step);
    if (runs != null) {
      return runs + "#";
    }
    return step.verb() instanceof Verb.Group ? part.graph(step.name()) : null;
  }

  /** The name of the graph that undoes a step: not that of a group which does so. */
  private @Nullable String undo(Step step) {
    return step.undo() == null ? null : part.graph(step.name()) + "..undo";
  }

  private Plan.Revise revise(Drawing drawing, int judge, BitSet region) {
    Step.Revise written = drawing.step(judge).revise();
    if (written == null) {
      throw new IllegalArgumentException(drawing.step(judge).id() + " is no judge");
    }
    int target = drawing.index(written.step());
    List<Integer> ordered = new ArrayList<>();
    ordered.add(target);
    region.stream().filter(node -> node != target && node != judge).forEach(ordered::add);
    ordered.add(judge);
    Integer max = written.max();
    return new Plan.Revise(
        ordered, max == null ? workflow.limits().revisions() : max, written.continueWhenUsedUp());
  }

  private boolean within(Rule rule, String what, long found, int most) {
    if (found > most) {
      report.invalidKey(
          rule,
          "/steps",
          "A workflow may have at most %,d %s, found %,d.".formatted(most, what, found),
          "Fan out with `each`, or split the workflow.");
    }
    return found <= most;
  }

  private boolean tellCircles(Drawing drawing) {
    List<List<Integer>> circles = drawing.links().circles();
    for (List<Integer> circle : circles) {
      int first = circle.get(0);
      int second = circle.get(1 % circle.size());
      boolean verdict = hasVerdictEdge(drawing, circle);
      report.invalid(
          Rule.CYCLE,
          drawing.reference(first, second).pointer(),
          "These steps wait for each other: " + printed(drawing, circle) + ".",
          verdict
              ? "Who reads a step that is revised waits for the verdict: let it read the judge"
                  + " instead, or let the judge not depend on it."
              : "Leave one of these references out; to repeat work after a verdict use `revise`.");
    }
    return !circles.isEmpty();
  }

  private static boolean hasVerdictEdge(Drawing drawing, List<Integer> circle) {
    for (int i = 0; i < circle.size(); i++) {
      Reference edge = drawing.reference(circle.get(i), circle.get((i + 1) % circle.size()));
      if (edge.kind() == EdgeKind.ENDED && edge.pointer().endsWith("/revise")) {
        return true;
      }
    }
    return false;
  }

  private static String printed(Drawing drawing, List<Integer> circle) {
    StringBuilder text = new StringBuilder();
    for (int node : circle) {
      text.append(drawing.step(node).id()).append(" -> ");
    }
    return text.append(drawing.step(circle.get(0)).id()).toString();
  }
}
