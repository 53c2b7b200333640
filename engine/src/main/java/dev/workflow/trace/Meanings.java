package dev.workflow.trace;

import dev.workflow.definition.Step;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Prepared;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the definitions in force say of the steps of a run, however deep in other workflows. */
final class Meanings {
  private final Map<String, Map<String, Step>> byWorkflow = new HashMap<>();
  private final Instances instances;
  private final Map<StepPath, String> revised;
  private final Map<StepPath, Meaning> known = new HashMap<>();

  /**
   * What a step is.
   *
   * @param workflow the name of the one that it is of
   * @param step absent: the definition in force knows it no more
   */
  record Meaning(String workflow, @Nullable Step step) {}

  /**
   * Of the steps of one run.
   *
   * @param workflows by name, written plans and revised ones among them; the empty name: the root
   * @param revised the names of the workflows that took the place of others, by the container
   *     inside which they did
   */
  Meanings(Map<String, Workflow> workflows, Instances instances, Map<StepPath, String> revised) {
    this.instances = instances;
    this.revised = revised;
    workflows.forEach(
        (name, workflow) -> {
          Map<String, Step> steps = new HashMap<>();
          workflow.allSteps().forEach(step -> steps.put(step.name(), step));
          byWorkflow.put(name, steps);
        });
  }

  @Nullable Step step(StepPath path) {
    return of(path).step;
  }

  /** The steps of the workflow that a step is of, by name. */
  Map<String, Step> around(StepPath path) {
    return byWorkflow.getOrDefault(of(path).workflow, Map.of());
  }

  private Meaning of(StepPath path) {
    Meaning meaning = known.get(path);
    if (meaning == null) {
      meaning = find(path);
      known.put(path, meaning);
    }
    return meaning;
  }

  private Meaning find(StepPath path) {
    StepPath parent = path.parent();
    if (parent == null) {
      return named("", path.id());
    }
    Meaning above = of(parent);
    Step container = above.step;
    String plan = written(parent);
    if (plan != null && !path.last().attached()) {
      return named(plan, path.id());
    }
    if (container == null || (path.last().attached() && !path.last().undoes())) {
      return new Meaning(above.workflow, null);
    }
    if (path.last().undoes()) {
      return named(above.workflow, container.name() + path.id());
    }
    String other = revised.get(parent);
    String runs = runs(parent);
    return runs != null
        ? named(other == null ? runs : other, path.id())
        : named(other == null ? above.workflow : other, container.name() + "/" + path.id());
  }

  /** The workflow that the step runs; null: it holds its graph itself. */
  private @Nullable String runs(StepPath container) {
    StepInfo step = instances.at(container);
    String graph = step == null ? null : step.node().body();
    return graph != null && graph.endsWith("#") ? graph.substring(0, graph.length() - 1) : null;
  }

  private @Nullable String written(StepPath container) {
    StepInfo step = instances.at(container);
    return step != null && step.prepared() instanceof Prepared.Body body ? body.graph() : null;
  }

  private Meaning named(String workflow, String step) {
    return new Meaning(workflow, byWorkflow.getOrDefault(workflow, Map.of()).get(step));
  }
}
