package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the agents that a run may have, those whose name an expression gives among them. */
final class ComputedAgents {
  private final Workflow workflow;
  private final AgentNames agentNames;
  private final Map<String, Owner> owners;
  private final Report report;

  ComputedAgents(
      Workflow workflow, CompiledWorkflow compiled, Map<String, Owner> owners, Report report) {
    this.workflow = workflow;
    this.agentNames = new AgentNames(workflow, compiled);
    this.owners = owners;
    this.report = report;
  }

  /** The names of the agents that some step may run. */
  Set<String> running() {
    Set<String> running = new LinkedHashSet<>();
    for (Step step : workflow.allSteps()) {
      if (step.verb() instanceof Verb.Agent agent) {
        running.addAll(ofStep(step, agent));
      } else if (step.verb() instanceof Verb.Skill && !runsWorkflow(step.name())) {
        running.add(step.name());
      } else if (step.verb() instanceof Verb.Plan plan) {
        running.add(plan.agent());
        running.addAll(plan.agents());
      }
      if (step.onError() instanceof OnError.Replan replan && replan.agent() != null) {
        running.add(replan.agent());
      }
    }
    return running;
  }

  private Set<String> ofStep(Step step, Verb.Agent agent) {
    Optional<Set<String>> names = agentNames.of(step, agent);
    if (!AgentNames.isComputed(agent)) {
      return names.orElse(Set.of()).stream()
          .filter(name -> !runsWorkflow(name))
          .collect(Collectors.toSet());
    }
    String pointer = step.pointer() + "/agent";
    if (names.isEmpty()) {
      report.invalid(
          Rule.COMPUTED_AGENT,
          pointer,
          "Which agents step `" + step.id() + "` may run cannot be told before the run.",
          "Give the value a type that lists them: `enum: ["
              + String.join(", ", workflow.agents().keySet())
              + "]`.");
      return Set.of();
    }
    for (String name : names.get()) {
      if (!owners.containsKey(name)) {
        report.invalid(
            Rule.UNKNOWN_AGENT,
            pointer,
            "Step `%s` may name agent `%s`, and there is none.".formatted(step.id(), name),
            Nearest.hint(name, workflow.agents().keySet()));
      } else if (runsWorkflow(name)) {
        report.invalid(
            Rule.COMPUTED_AGENT,
            pointer,
            "Step `%s` may name agent `%s`, whose skill runs its own workflow."
                .formatted(step.id(), name),
            "Name that agent in a step of its own, with a `when`.");
      }
    }
    withContract(names.get())
        .filter(owner -> step.output() == null)
        .ifPresent(
            owner ->
                report.invalid(
                    Rule.COMPUTED_AGENT_OUTPUT,
                    pointer,
                    "Step `%s` may run %s, whose skill has an output contract, or another agent."
                        .formatted(step.id(), owner.label()),
                    "Say what each of them is to answer: `output: {...}`."));
    return names.get();
  }

  private boolean runsWorkflow(String name) {
    Owner owner = owners.get(name);
    return owner != null && owner.runsWorkflow();
  }

  private Optional<Owner> withContract(Set<String> names) {
    return names.stream()
        .map(owners::get)
        .filter(Objects::nonNull)
        .filter(owner -> owner.skill() != null && owner.skill().outputSchema() != null)
        .findFirst();
  }
}
