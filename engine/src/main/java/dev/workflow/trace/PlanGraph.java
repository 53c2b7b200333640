package dev.workflow.trace;

import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.Node;
import dev.workflow.trace.StepGraph.Drawn;
import dev.workflow.trace.StepGraph.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws the graph of a workflow that has not run.
 *
 * @param steps what the definition says, by name
 */
public record PlanGraph(Plan plan, Map<String, Step> steps) {

  /** The graph of a plan. */
  public static StepGraph of(Plan plan, Workflow workflow) {
    Map<String, Step> steps = new HashMap<>();
    workflow.allSteps().forEach(step -> steps.put(step.name(), step));
    return new PlanGraph(plan, steps).graph(plan.nodes(), "", "");
  }

  /**
   * One graph.
   *
   * @param around what the names of its steps in the definition begin with
   * @param path what their names in the drawing begin with
   */
  StepGraph graph(List<Node> nodes, String around, String path) {
    Layers layers = new Layers(nodes);
    List<Drawn> drawn = new ArrayList<>();
    for (int index : layers.inOrder()) {
      drawn.add(draw(nodes, nodes.get(index), layers.isParallel(index), around, path));
    }
    return new StepGraph(drawn, List.of());
  }

  private Drawn draw(List<Node> nodes, Node node, boolean parallel, String around, String path) {
    Step step = steps.get(around + node.id());
    List<Link> after =
        node.edges().stream()
            .map(edge -> link(path, nodes.get(edge.source()), Layers.isSoft(edge.kind())))
            .distinct()
            .toList();
    String revises = node.revise() == null ? null : nodes.get(node.revise().target()).id();
    return new Drawn(
        path + node.id(),
        node.id(),
        parallel,
        "○",
        step == null ? "" : StepWords.what(step, node),
        after,
        step == null ? List.of() : StepWords.notes(step, node, revises),
        revises == null ? null : path + revises,
        "",
        List.of(),
        inside(node, around + node.id(), path + node.id()));
  }

  private static Link link(String path, Node source, boolean soft) {
    return new Link(path + source.id(), source.id(), soft);
  }

  /** The graph inside a step that holds one itself. */
  StepGraph inside(Node node, String name, String path) {
    List<Node> nodes = node.kind() == Plan.Kind.GROUP ? plan.bodies().get(node.body()) : null;
    return nodes == null ? StepGraph.EMPTY : graph(nodes, name + "/", path + "/");
  }
}
