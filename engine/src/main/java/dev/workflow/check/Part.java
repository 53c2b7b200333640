package dev.workflow.check;

import dev.workflow.definition.Policy;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Source;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One of the workflows that are checked together.
 *
 * @param name as in {@link dev.workflow.engine.Resolved#workflows}; empty: the root
 * @param folder that its paths are relative to
 * @param use of a workflow of a skill, and those that it runs; absent: of any other
 * @param owners its agents by name
 */
record Part(
    String name,
    Path file,
    Path folder,
    Workflow workflow,
    Source source,
    Report report,
    @Nullable SkillUse use,
    Map<String, Owner> owners) {

  /** The name of the graph that the steps of a container of it run; empty: of its own steps. */
  String graph(String container) {
    return name.isEmpty() ? container : name + "#" + container;
  }

  /** What those around it let its steps do. */
  Policy policy() {
    return use == null ? Policy.OPEN : use.policy();
  }

  /** The capabilities that a person has bound for it. */
  Map<String, String> bindings() {
    return use == null ? workflow.bindings() : use.user().bindings();
  }

  /** The agent whose skill's workflow a step runs; null: it runs none. */
  @Nullable Owner runsSkillOf(Step step) {
    Owner owner =
        switch (step.verb()) {
          case Verb.Agent agent ->
              owners.get(agent.agent().isEmpty() ? step.name() : agent.agent());
          case Verb.Skill skill -> owners.get(step.name());
          case Verb.Capability other -> null;
          case Verb.Tool other -> null;
          case Verb.Ask other -> null;
          case Verb.SetValue other -> null;
          case Verb.Wait other -> null;
          case Verb.Fail other -> null;
          case Verb.Group other -> null;
          case Verb.Subworkflow other -> null;
          case Verb.Plan other -> null;
          case Verb.Planned other -> null;
        };
    return owner == null || !owner.runsWorkflow() ? null : owner;
  }
}
