package dev.workflow.engine;

import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.run.StepPath;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds what the definition of a run says of its steps, however deep in other workflows. */
final class Definitions {
  private final WorkflowCompiler compiler;
  private final Validator validator;
  private final Map<String, Definition> byName = new ConcurrentHashMap<>();

  /** The plans that steps run, by path. */
  private final Map<StepPath, String> plans = new ConcurrentHashMap<>();

  /**
   * One workflow of the run.
   *
   * @param name as in {@link Resolved#workflows}; empty: the root
   */
  record Definition(
      String name, Resolved resolved, CompiledWorkflow compiled, Conversations conversations) {}

  Definitions(
      Resolved root, CompiledWorkflow compiled, WorkflowCompiler compiler, Validator validator) {
    this.compiler = compiler;
    this.validator = validator;
    add("", root, compiled);
    root.workflows().forEach((name, part) -> add(name, part, compiled.part(name)));
  }

  /** Takes in a workflow that was written in the run. */
  void add(String name, Resolved part) {
    add(name, part, compiler.compile(part).sound());
  }

  private void add(String name, Resolved part, CompiledWorkflow compiled) {
    Conversations conversations = new Conversations(part, validator, ConversationLimits.DEFAULT);
    byName.put(name, new Definition(name, part, compiled, conversations));
  }

  /** From now on the step runs the workflow of that name. */
  void runs(StepPath step, String name) {
    plans.put(step, name);
  }

  boolean has(String name) {
    return byName.containsKey(name);
  }

  /** The workflow of a name; empty: the root. */
  Definition named(String name) {
    Definition definition = byName.get(name);
    if (definition == null) {
      throw new IllegalStateException("The definition has no workflow " + name);
    }
    return definition;
  }

  /** The workflow that the step at the path is of. */
  Definition of(StepPath path) {
    return find(path).definition;
  }

  /** What the definition says of the step at the path. */
  CompiledStep step(StepPath path) {
    return find(path).step;
  }

  /** The workflow that the step at the path runs. */
  Definition runBy(StepPath path) {
    Found found = find(path);
    Definition other = other(found, path);
    if (other == null) {
      throw new IllegalStateException(path + " runs no workflow");
    }
    return other;
  }

  private record Found(Definition definition, CompiledStep step) {}

  private Found find(StepPath path) {
    StepPath parent = path.parent();
    if (parent == null) {
      return found(named(""), "", path);
    }
    Found above = find(parent);
    if (path.last().undoes()) {
      return found(above.definition, above.step.step().name(), path);
    }
    if (path.last().plans()) {
      return new Found(above.definition, AgentPlans.step(above.step));
    }
    Definition other = other(above, parent);
    return other == null
        ? found(above.definition, above.step.step().name() + "/", path)
        : found(other, "", path);
  }

  private static Found found(Definition definition, String around, StepPath path) {
    CompiledStep step = definition.compiled.steps().get(around + path.id());
    if (step == null) {
      throw new IllegalStateException("The definition has no step " + path);
    }
    return new Found(definition, step);
  }

  /** The workflow that a step runs; null: it runs none. */
  private @Nullable Definition other(Found found, StepPath path) {
    if (found.step.step().verb() instanceof Verb.Subworkflow other) {
      return named(Resolved.nameOf(found.definition.name, other));
    }
    String plan = plans.get(path);
    return plan == null ? null : named(plan);
  }
}
