package dev.workflow.engine;

import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepPath.Segment;
import java.util.HashMap;
import java.util.Map;

/** Finds what the definition of a run says of its steps, however deep in other workflows. */
final class Definitions {
  private final Map<String, Definition> byName = new HashMap<>();

  /**
   * One workflow of the run.
   *
   * @param name as in {@link Resolved#workflows}; empty: the root
   */
  record Definition(
      String name, Resolved resolved, CompiledWorkflow compiled, Conversations conversations) {}

  Definitions(Resolved root, CompiledWorkflow compiled, Validator validator) {
    add("", root, compiled, validator);
    root.workflows().forEach((name, part) -> add(name, part, compiled.part(name), validator));
  }

  private void add(String name, Resolved part, CompiledWorkflow compiled, Validator validator) {
    Conversations conversations = new Conversations(part, validator, ConversationLimits.DEFAULT);
    byName.put(name, new Definition(name, part, compiled, conversations));
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
    if (found.step.step().verb() instanceof Verb.Subworkflow other) {
      return named(Resolved.nameOf(found.definition.name, other));
    }
    throw new IllegalStateException(path + " runs no workflow");
  }

  private record Found(Definition definition, CompiledStep step) {}

  private Found find(StepPath path) {
    Definition definition = named("");
    String around = "";
    CompiledStep step = null;
    for (Segment segment : path.segments()) {
      if (step != null && segment.undoes()) {
        around = step.step().name();
      } else if (step != null && step.step().verb() instanceof Verb.Subworkflow other) {
        definition = named(Resolved.nameOf(definition.name, other));
        around = "";
      } else if (step != null) {
        around = step.step().name() + "/";
      }
      step = definition.compiled.steps().get(around + segment.id());
      if (step == null) {
        throw new IllegalStateException("The definition has no step " + path);
      }
    }
    if (step == null) {
      throw new IllegalStateException("A path has at least one segment");
    }
    return new Found(definition, step);
  }
}
