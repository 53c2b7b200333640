package dev.workflow.engine;

import dev.workflow.definition.Skill;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Planner.Bounds;
import dev.workflow.run.StepPath;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds what the definition of a run says of its steps, however deep in other workflows. */
final class Definitions {
  private final WorkflowCompiler compiler;
  private final Validator validator;
  private final Map<String, Definition> byName = new ConcurrentHashMap<>();

  /** Those that were written in the run, in the order in which they were made of others. */
  private final Map<String, Derived> derived = Collections.synchronizedMap(new LinkedHashMap<>());

  /** By the path of a container: what its graph is a part of since another way was found. */
  private final Map<StepPath, String> revised = new ConcurrentHashMap<>();

  /** The plans that steps run, by path. */
  private final Map<StepPath, String> plans = new ConcurrentHashMap<>();

  /**
   * One workflow of the run.
   *
   * @param name as in {@link Resolved#workflows}; empty: the root
   * @param base the name of the one whose file its paths are relative to: itself, unless it was
   *     written in the run
   */
  record Definition(
      String name,
      String base,
      Resolved resolved,
      CompiledWorkflow compiled,
      Conversations conversations) {}

  private record Derived(String from, Workflow workflow) {}

  Definitions(
      Resolved root, CompiledWorkflow compiled, WorkflowCompiler compiler, Validator validator) {
    this.compiler = compiler;
    this.validator = validator;
    take(root, compiled);
  }

  private void take(Resolved root, CompiledWorkflow compiled) {
    add("", "", root, compiled);
    root.workflows().forEach((name, part) -> add(name, name, part, compiled.part(name)));
  }

  /** Goes over to another definition; what was written in the run is made of that now. */
  void become(Resolved root) {
    take(root, compiler.compile(root).sound());
    derived.forEach(this::derive);
  }

  /**
   * Takes in a workflow that was written in the run.
   *
   * @param from the name of the one whose tools and agents it uses
   */
  void add(String name, String from, Workflow workflow) {
    Derived added = new Derived(from, workflow);
    derived.put(name, added);
    derive(name, added);
  }

  private void derive(String name, Derived written) {
    Definition from = named(written.from);
    Resolved part = from.resolved.planned(written.workflow);
    add(name, from.base, part, compiler.compile(part).sound());
  }

  private void add(String name, String base, Resolved part, CompiledWorkflow compiled) {
    Conversations conversations = new Conversations(part, validator, ConversationLimits.DEFAULT);
    byName.put(name, new Definition(name, base, part, compiled, conversations));
  }

  /** The names of the workflows that were written in the run with what another one has. */
  List<String> derivedFrom(String base) {
    return derived.keySet().stream().filter(name -> named(name).base.equals(base)).toList();
  }

  /** From now on the graph of the container is that of the workflow of that name. */
  void revises(StepPath container, String name) {
    revised.put(container, name);
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

  /** What the definition says of a container, as the steps inside it see it. */
  CompiledStep container(StepPath path) {
    Found found = find(path);
    String name = revised.get(path);
    return name == null || other(found, path) != null
        ? found.step
        : found(named(name), around(found, path), path).step;
  }

  private static String around(Found found, StepPath path) {
    String name = found.step.step().name();
    return name.substring(0, name.length() - path.id().length());
  }

  /** The workflow that the step at the path runs. */
  Definition runBy(StepPath path) {
    Found found = find(path);
    Definition other = other(found, path);
    if (other == null) {
      throw new IllegalStateException(path + " runs no workflow");
    }
    String name = revised.get(path);
    return name == null ? other : named(name);
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
    if (path.last().attached()) {
      Bounds bounds = bounds(parent, above.definition);
      return new Found(above.definition, OtherWay.step(path, above.step, bounds));
    }
    Definition other = other(above, parent);
    String name = revised.get(parent);
    Definition in = name != null ? named(name) : other == null ? above.definition : other;
    return found(in, other == null ? above.step.step().name() + "/" : "", path);
  }

  /**
   * What another way may use: what the step's workflow has, as far as the run has models for it; of
   * a written plan what that may.
   */
  private Bounds bounds(StepPath failed, Definition definition) {
    for (StepPath at = failed.parent(); at != null; at = at.parent()) {
      CompiledStep step = step(at);
      if (step.step().verb() instanceof Verb.Planned verb) {
        Definition around = of(at);
        return Bounds.of(WrittenPlans.planOf(around, step, verb), around.resolved);
      }
    }
    Resolved resolved = definition.resolved;
    Set<String> agents = new LinkedHashSet<>();
    for (String agent : resolved.workflow().document().path("agents").propertyNames()) {
      if (Replanner.hasModel(resolved, agent) || runsWorkflow(definition, agent)) {
        agents.add(agent);
      }
    }
    return new Bounds(agents, resolved.tools().keySet());
  }

  /** Whether the run has the workflow of the agent's skill. */
  private boolean runsWorkflow(Definition definition, String agent) {
    Skill skill = definition.resolved.skillWithWorkflow(agent);
    return skill != null && has(SkillGraph.nameOf(definition.base, agent, skill));
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
    Definition in = found.definition;
    String runs = in.resolved.runBy(in.base, found.step.step());
    if (runs != null) {
      return named(runs);
    }
    String plan = plans.get(path);
    return plan == null ? null : named(plan);
  }
}
