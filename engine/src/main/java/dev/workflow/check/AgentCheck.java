package dev.workflow.check;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Replanner;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Skills.Found;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Resolves agents and skills: those of the workflow, and one agent for each {@code skill:} step.
 */
final class AgentCheck {
  private final Workflow workflow;
  private final Skills skills;
  private final Path folder;
  private final Report report;
  private final Map<String, Found> found = new TreeMap<>();
  private final Map<String, Owner> owners = new LinkedHashMap<>();

  private AgentCheck(Workflow workflow, Skills skills, Path folder, Report report) {
    this.workflow = workflow;
    this.skills = skills;
    this.folder = folder;
    this.report = report;
  }

  /** The agents by name. */
  static Map<String, Owner> resolve(Workflow workflow, Skills skills, Path folder, Report report) {
    AgentCheck check = new AgentCheck(workflow, skills, folder, report);
    workflow.agents().values().forEach(check::declared);
    workflow.allSteps().forEach(check::step);
    workflow.allSteps().forEach(check::replanner);
    return check.owners;
  }

  private void declared(Agent agent) {
    String pointer = Pointers.child("/agents", agent.name());
    if (workflow.document().at(pointer).isMissingNode()) {
      pointer = "/steps/" + agent.name().replace("/", "/steps/") + "/agent";
    }
    add("agent `" + agent.name() + "`", agent, pointer);
  }

  private void step(Step step) {
    switch (step.verb()) {
      case Verb.Skill skill -> skillStep(step, skill.name());
      case Verb.Agent agent -> agentStep(step, agent);
      case Verb.Capability other -> {}
      case Verb.Tool other -> {}
      case Verb.Ask other -> {}
      case Verb.SetValue other -> {}
      case Verb.Wait other -> {}
      case Verb.Fail other -> {}
      case Verb.Group other -> {}
      case Verb.Subworkflow other -> {}
      case Verb.Plan plan -> planStep(step, plan);
      case Verb.Planned other -> {}
    }
  }

  private void skillStep(Step step, String skill) {
    if (workflow.agents().containsKey(step.name())) {
      report.invalidKey(
          Rule.AGENT_CLASH,
          step.pointer(),
          "Step `" + step.id() + "` runs a skill under its own id, and an agent has that name.",
          "Give the step another id, or write `agent: " + step.id() + "`.");
      return;
    }
    Agent own =
        new Agent(
            step.name(),
            null,
            skill,
            null,
            List.of(),
            List.of(),
            Policy.OPEN,
            Allowance.NONE,
            false);
    add("step `" + step.id() + "`", own, step.pointer());
  }

  private void agentStep(Step step, Verb.Agent agent) {
    if (AgentNames.isComputed(agent)) {
      return;
    }
    Owner owner = owners.get(agent.agent());
    if (owner == null) {
      report.invalid(
          Rule.UNKNOWN_AGENT,
          step.pointer() + "/agent",
          "Step `" + step.id() + "` names agent `" + agent.agent() + "`, and there is none.",
          Nearest.hint(agent.agent(), workflow.agents().keySet()));
      return;
    }
    Skill skill = owner.skill();
    if (skill != null && required(skill) > 1) {
      report.invalid(
          Rule.SKILL_INPUTS,
          step.pointer() + "/prompt",
          "A prompt fills the sole input of a skill, and skill `%s` requires %d: %s."
              .formatted(skill.name(), required(skill), names(skill)),
          "Write a step with `skill: " + skill.name() + "` and `with:` all of them.");
    }
  }

  private void planStep(Step step, Verb.Plan plan) {
    known(step, plan.agent(), step.pointer() + "/plan");
    for (int i = 0; i < plan.agents().size(); i++) {
      known(step, plan.agents().get(i), step.pointer() + "/allow/agents/" + i);
    }
  }

  /** Who looks for another way where a step fails; an agent of ours where the author names none. */
  private void replanner(Step step) {
    if (!(step.onError() instanceof OnError.Replan replan)) {
      return;
    }
    String agent = replan.agent();
    if (agent != null) {
      String pointer = step.pointer() + "/on_error/replan";
      boolean own = !workflow.document().at(pointer).isMissingNode();
      known(step, agent, own ? pointer : "/on_error/replan");
    } else if (!owners.containsKey(Replanner.NAME)) {
      String pointer = step.pointer() + "/on_error";
      boolean own = !workflow.document().at(pointer).isMissingNode();
      owners.put(
          Replanner.NAME,
          new Owner("`on_error: replan`", Replanner.AGENT, null, own ? pointer : "/on_error"));
    }
  }

  private void known(Step step, String agent, String pointer) {
    if (!workflow.agents().containsKey(agent)) {
      report.invalid(
          Rule.UNKNOWN_AGENT,
          pointer,
          "Step `" + step.id() + "` names agent `" + agent + "`, and there is none.",
          Nearest.hint(agent, workflow.agents().keySet()));
    }
  }

  private static int required(Skill skill) {
    return skill.inputSchema().path("required").size();
  }

  private static String names(Skill skill) {
    return String.join(
        ", ", skill.inputSchema().path("required").valueStream().map(JsonNode::asString).toList());
  }

  private void add(String label, Agent agent, String pointer) {
    Skill skill = agent.skill() == null ? null : skill(label, agent.skill(), pointer + "/skill");
    owners.put(agent.name(), new Owner(label, agent, skill, pointer));
  }

  private @Nullable Skill skill(String label, String name, String pointer) {
    Found result = found.computeIfAbsent(name, each -> skills.skill(each, folder));
    report.addAll(result.problems());
    if (result.skill() == null && result.problems().isEmpty()) {
      report.missing(
          Rule.MISSING_SKILL,
          pointer,
          "There is no skill `%s`, which %s names.".formatted(name, label),
          Nearest.to(name, skills.names(folder))
                  .map(near -> "Did you mean `" + near + "`? ")
                  .orElse("")
              + "Looked in: "
              + String.join(", ", result.looked())
              + ".");
    }
    return result.skill();
  }
}
