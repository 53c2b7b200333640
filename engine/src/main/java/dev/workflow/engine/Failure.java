package dev.workflow.engine;

import dev.workflow.definition.Step;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Definitions.Definition;
import dev.workflow.run.Plan;
import dev.workflow.run.StepPath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A failed step and what of its graph may be written anew: the step and all that waits for it,
 * directly or not, none of which has begun.
 *
 * @param definition that the step is of
 * @param step what it says of it
 * @param graph JSON pointer of the graph in its long form
 * @param open ids of the steps that may be written anew, in the author's order
 * @param digests of the definitions that have failed in this run, this one among them
 */
record Failure(
    StepPath path,
    Definition definition,
    Step step,
    String graph,
    Set<String> open,
    Set<String> digests) {

  /** What makes two calls the same, whatever follows them. */
  private static final List<String> CALL =
      List.of(
          "tool",
          "capability",
          "agent",
          "skill",
          "workflow",
          "plan",
          "ask",
          "with",
          "prompt",
          "context",
          "each");

  static Failure of(
      StepPath path,
      Definition definition,
      CompiledStep compiled,
      List<Plan.Node> nodes,
      Set<String> digests) {
    Step step = compiled.step();
    String pointer = step.pointer();
    boolean[] open = new boolean[nodes.size()];
    boolean more = true;
    while (more) {
      more = false;
      for (int i = 0; i < open.length; i++) {
        Plan.Node node = nodes.get(i);
        boolean waits = node.edges().stream().anyMatch(edge -> open[edge.source()]);
        if (!open[i] && (waits || node.id().equals(path.id()))) {
          open[i] = true;
          more = true;
        }
      }
    }
    Set<String> ids = new LinkedHashSet<>();
    for (int i = 0; i < open.length; i++) {
      if (open[i]) {
        ids.add(nodes.get(i).id());
      }
    }
    return new Failure(
        path, definition, step, pointer.substring(0, pointer.lastIndexOf('/')), ids, digests);
  }

  /** The long form of the definition. */
  JsonNode document() {
    return definition.resolved().workflow().document();
  }

  /** The steps of the graph, by id. */
  JsonNode steps() {
    return document().at(graph);
  }

  /** The step that holds the graph, by its name in the definition; empty: the workflow itself. */
  String container() {
    String name = step.name();
    return name.substring(0, Math.max(0, name.length() - path.id().length() - 1));
  }

  /** The long form with other steps in the place of those that may be written anew. */
  JsonNode with(JsonNode written) {
    ObjectNode steps = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> old : steps().properties()) {
      if (!open.contains(old.getKey())) {
        steps.set(old.getKey(), old.getValue());
      } else if (old.getKey().equals(open.iterator().next())) {
        written.properties().forEach(step -> steps.set(step.getKey(), step.getValue()));
      }
    }
    ObjectNode document = document().deepCopy().asObject();
    String around = graph.substring(0, graph.lastIndexOf('/'));
    ((ObjectNode) document.at(around)).set("steps", steps);
    return document;
  }

  /** The names that steps of the graph have in the definition. */
  Set<String> names(JsonNode written) {
    String around = container().isEmpty() ? "" : container() + "/";
    return written.propertyNames().stream().map(id -> around + id).collect(Collectors.toSet());
  }

  /** The names of all steps that are not what they were, where the graph is at a path. */
  List<String> again(String around, JsonNode written) {
    Set<String> ids = new TreeSet<>(open);
    ids.addAll(written.propertyNames());
    return ids.stream().map(id -> around + id).toList();
  }

  /** What shows at a glance that a proposal is no other way. */
  List<String> problems(JsonNode proposal) {
    List<String> problems = new ArrayList<>();
    for (String key : proposal.propertyNames()) {
      if (!PlanProposal.KEYS_OF_REVISION.contains(key) && !key.equals(PlanProposal.REASONS)) {
        problems.add("`" + key + "` is not for a revision to say: expected only reasons, steps.");
      }
    }
    JsonNode written = proposal.path("steps");
    for (Map.Entry<String, JsonNode> each : written.properties()) {
      String id = each.getKey();
      if (steps().has(id) && !open.contains(id)) {
        problems.add("Step `" + id + "` stays as it is: give your step another id.");
      }
      if (repeats(each.getValue())) {
        problems.add(
            "Step `" + id + "` does again what has failed: `" + path.id() + "` as it was.");
      }
    }
    if (problems.isEmpty() && digests.contains(Canonical.hash(with(written)))) {
      problems.add("This plan is one that has failed in this run already.");
    }
    return problems;
  }

  /** Whether a step makes just the call that has failed. */
  private boolean repeats(JsonNode other) {
    ObjectNode failed = call(document().at(step.pointer()));
    ObjectNode made = call(other);
    String capability = failed.path("capability").asString("");
    ObjectNode bound = failed.deepCopy();
    String tool = definition.resolved().bindings().get(capability);
    if (tool != null) {
      bound.remove("capability");
      bound.put("tool", tool);
    }
    return !made.isEmpty() && (same(made, failed) || same(made, bound));
  }

  private static boolean same(ObjectNode one, ObjectNode other) {
    return Objects.equals(Canonical.json(one), Canonical.json(other));
  }

  private static ObjectNode call(JsonNode step) {
    return step.isObject()
        ? step.deepCopy().asObject().retain(CALL)
        : JsonNodeFactory.instance.objectNode();
  }
}
