package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.EdgeKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Draws the edges of the graph from every reference of its steps and finds the names that lead
 * nowhere. Of several references to one step the strongest makes the edge.
 */
final class Drawing {
  private final List<Step> steps;
  private final Around around;
  private final Report report;
  private final Map<String, Integer> indexes = new LinkedHashMap<>();
  private final List<Map<Integer, Reference>> edges = new ArrayList<>();

  /**
   * What stands around a graph.
   *
   * @param inputs names of the inputs
   * @param steps ids of the steps around it that it sees
   * @param containers ids of the steps it stands in
   */
  record Around(Set<String> inputs, Set<String> steps, Set<String> containers) {

    /** What stands around the graph inside one of these steps. */
    Around inside(Step container, List<Step> beside) {
      Set<String> deeper = new HashSet<>(containers);
      deeper.add(container.id());
      return new Around(inputs, beside(beside).steps, deeper);
    }

    /** What stands around a graph that undoes one of these steps, which it may name. */
    Around beside(List<Step> beside) {
      Set<String> more = new HashSet<>(steps);
      beside.forEach(step -> more.add(step.id()));
      return new Around(inputs, more, containers);
    }
  }

  Drawing(List<Step> steps, Around around, CompiledWorkflow compiled, Report report) {
    this.steps = steps;
    this.around = around;
    this.report = report;
    for (int i = 0; i < steps.size(); i++) {
      indexes.put(step(i).id(), i);
    }
    for (Step step : steps) {
      CompiledStep known = compiled.steps().get(step.name());
      List<Reference> references = known == null ? new ArrayList<>() : Reference.of(known);
      references.addAll(Reference.fromInside(step, compiled.steps()));
      edges.add(edgesOf(step, references));
    }
  }

  int index(String step) {
    return indexes.getOrDefault(step, -1);
  }

  Step step(int index) {
    return steps.get(index);
  }

  Links links() {
    return new Links(edges.stream().map(Map::keySet).toList());
  }

  /** The reference that makes the edge between two steps. */
  Reference reference(int from, int source) {
    Reference reference = edges.get(from).get(source);
    if (reference == null) {
      throw new IllegalArgumentException(
          "Step " + step(from).id() + " does not wait for " + step(source).id());
    }
    return reference;
  }

  /** Has one step wait until another has ended, where it does not wait for it already. */
  void waitFor(int from, int source, String pointer) {
    edges.get(from).putIfAbsent(source, new Reference(step(source).id(), EdgeKind.ENDED, pointer));
  }

  /** The edges of a step in the author's order of their sources. */
  List<Edge> edges(int from) {
    List<Edge> ordered = new ArrayList<>();
    new TreeMap<>(edges.get(from))
        .forEach((source, reference) -> ordered.add(new Edge(source, reference.kind())));
    return List.copyOf(ordered);
  }

  int edgeCount() {
    return edges.stream().mapToInt(Map::size).sum();
  }

  private Map<Integer, Reference> edgesOf(Step step, List<Reference> references) {
    Map<Integer, Reference> strongest = new HashMap<>();
    Map<String, Set<String>> named = new HashMap<>();
    for (Reference reference : references) {
      boolean inGraph = index(reference.id()) >= 0 && !reference.id().equals(step.id());
      if (isSound(step, reference, named) && inGraph) {
        strongest.merge(index(reference.id()), reference, Drawing::stronger);
      }
    }
    return strongest;
  }

  private boolean isSound(Step step, Reference reference, Map<String, Set<String>> named) {
    String id = reference.id();
    if (!isOwn(step, reference)) {
      return true;
    }
    if (id.equals(step.id())) {
      report.invalid(
          Rule.SELF_REFERENCE,
          reference.pointer(),
          "Step `" + id + "` waits for itself.",
          "A step may name itself only in `enough`, `repeat.until`, `revise.when`, `verify` and"
              + " `undo`.");
      return false;
    }
    if (around.containers().contains(id)) {
      report.invalid(
          Rule.SELF_REFERENCE,
          reference.pointer(),
          "Step `" + step.id() + "` waits for `" + id + "`, in which it stands.",
          "Name a step beside it, or read `" + id + "` outside of it.");
      return false;
    }
    if (index(id) < 0 && !around.steps().contains(id)) {
      report.invalid(
          Rule.UNKNOWN_STEP,
          reference.pointer(),
          "Step `" + step.id() + "` waits for `" + id + "`, and there is no such step.",
          unknownHint(id));
      return false;
    }
    String list = reference.pointer().substring(0, reference.pointer().lastIndexOf('/'));
    boolean listed = list.endsWith("/needs") || list.endsWith("/context");
    if (listed && !named.computeIfAbsent(list, key -> new HashSet<>()).add(id)) {
      report.invalid(
          Rule.DUPLICATE_REFERENCE,
          reference.pointer(),
          "Step `" + step.id() + "` names `" + id + "` twice.",
          "Leave one of them out.");
    }
    return true;
  }

  /** Whether the step itself makes the reference; what is inside it is looked at there. */
  private static boolean isOwn(Step step, Reference reference) {
    return !reference.pointer().startsWith(step.pointer() + "/steps/")
        && !reference.pointer().startsWith(step.pointer() + "/outputs/");
  }

  private String unknownHint(String id) {
    if (around.inputs().contains(id)) {
      return "`" + id + "` is an input: inputs are there from the start, nothing waits for them.";
    }
    return Nearest.hint(id, indexes.keySet());
  }

  private static Reference stronger(Reference one, Reference other) {
    return STRENGTH.compare(one, other) >= 0 ? one : other;
  }

  private static final Map<EdgeKind, Integer> RANKS =
      new EnumMap<>(
          Map.of(
              EdgeKind.NEED, 3, EdgeKind.OPTIONAL_NEED, 2, EdgeKind.VALUE, 1, EdgeKind.ENDED, 0));

  private static final Comparator<Reference> STRENGTH =
      (one, other) -> Integer.compare(rank(one), rank(other));

  private static int rank(Reference reference) {
    return RANKS.getOrDefault(reference.kind(), 0);
  }
}
