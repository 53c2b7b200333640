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
import dev.workflow.engine.Pointers;
import dev.workflow.engine.Replanner;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Skills.Found;
import java.nio.file.Path;
import java.util.Collection;
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
  private final @Nullable SkillUse use;
  private final Report report;
  private final Map<String, Found> found = new TreeMap<>();
  private final Map<String, Owner> owners = new LinkedHashMap<>();

  private AgentCheck(
      Workflow workflow, Skills skills, Path folder, @Nullable SkillUse use, Report report) {
    this.workflow = workflow;
    this.skills = skills;
    this.folder = folder;
    this.use = use;
    this.report = report;
  }

  /**
   * The agents by name.
   *
   * @param use of a workflow of a skill: its agents have the policy and, where they name none, the
   *     model of the agent that has the skill
   */
  static Map<String, Owner> resolve(
      Workflow workflow, Skills skills, Path folder, @Nullable SkillUse use, Report report) {
    AgentCheck check = new AgentCheck(workflow, skills, folder, use, report);
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
    add("agent `" + agent.name() + "`", agent, pointer, "skill");
  }

  private void step(Step step) {
    switch (step.verb()) {
      case Verb.Skill skill -> skillStep(step, skill);
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

  private void skillStep(Step step, Verb.Skill verb) {
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
            verb.name(),
            null,
            null,
            List.of(),
            List.of(),
            Policy.OPEN,
            Allowance.NONE,
            false);
    Owner owner = add("step `" + step.id() + "`", own, step.pointer(), verb.word());
    Skill skill = owner.skill();
    if (verb.asWorkflow() && skill != null && !owner.runsWorkflow()) {
      report.invalid(
          Rule.SKILL_WITHOUT_WORKFLOW,
          owner.atSkill(),
          "Skill `%s` has no workflow that step `%s` could run.".formatted(skill.name(), step.id()),
          "Write `skill: " + skill.name() + "`: a model works by its instructions.");
    }
    unkeyed(step, owner);
  }

  /** What is said of calls has no meaning for a step that makes none itself. */
  private void unkeyed(Step step, Owner owner) {
    Skill skill = owner.skill();
    if (skill == null || !owner.runsWorkflow()) {
      return;
    }
    if (step.effect() != null) {
      without(step.pointer() + "/effects", "effects", "step `" + step.id() + "`", skill);
    }
    if (step.cache() != null) {
      without(step.pointer() + "/cache", "cache", "step `" + step.id() + "`", skill);
    }
  }

  private void without(String pointer, String key, String whose, Skill skill) {
    report.invalidKey(
        Rule.SKILL_RUNS_WORKFLOW,
        pointer,
        "Expected no `%s` of %s, whose skill `%s` runs its own workflow."
            .formatted(key, whose, skill.name()),
        switch (key) {
          case "limits" -> "Write `limits` at the steps that run the agent.";
          case "effects", "cache" -> "It is for the steps of that workflow to say.";
          default -> "Remove it: no model works in the place of that workflow.";
        });
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
    unkeyed(step, owner);
    if (skill != null && owner.runsWorkflow() && skill.promptInput().isEmpty()) {
      report.invalid(
          Rule.SKILL_INPUTS,
          step.pointer() + "/prompt",
          "A prompt fills the sole input of a skill, a text, and skill `%s` has: %s."
              .formatted(skill.name(), inputs(skill)),
          "Write a step with `workflow: " + skill.name() + "` and `with:` what it takes.");
    } else if (skill != null && required(skill) > 1) {
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
          new Owner(
              "`on_error: replan`",
              inside(Replanner.AGENT),
              null,
              own ? pointer : "/on_error",
              "skill"));
    }
  }

  private void known(Step step, String agent, String pointer) {
    if (!workflow.agents().containsKey(agent)) {
      report.invalid(
          Rule.UNKNOWN_AGENT,
          pointer,
          "Step `" + step.id() + "` names agent `" + agent + "`, and there is none.",
          Nearest.hint(agent, workflow.agents().keySet()));
      return;
    }
    Owner owner = owners.get(agent);
    if (owner != null && owner.runsWorkflow()) {
      report.invalid(
          Rule.AGENT_RUNS_WORKFLOW,
          pointer,
          "Expected an agent that a model works for, found `%s`, whose skill `%s` runs its own workflow."
              .formatted(agent, owner.agent().skill()),
          "Name another agent: who plans writes, and a plan runs no other workflow.");
    }
  }

  private static String inputs(Skill skill) {
    Collection<String> names = skill.inputSchema().path("properties").propertyNames();
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  private static int required(Skill skill) {
    return skill.inputSchema().path("required").size();
  }

  private static String names(Skill skill) {
    return String.join(
        ", ", skill.inputSchema().path("required").valueStream().map(JsonNode::asString).toList());
  }

  private Owner add(String label, Agent agent, String pointer, String skillKey) {
    Skill skill =
        agent.skill() == null ? null : skill(label, agent.skill(), pointer + "/" + skillKey);
    Owner owner = new Owner(label, inside(agent), skill, pointer, skillKey);
    owners.put(agent.name(), owner);
    if (skill != null && owner.runsWorkflow()) {
      if (agent.instructions() != null || agent.instructedBy() != null) {
        without(owner.at("instructions"), "instructions", label, skill);
      }
      if (agent.planTools()) {
        without(owner.at("plan_tools"), "plan_tools", label, skill);
      }
      if (!agent.limits().isNone()) {
        without(owner.at("limits"), "limits", label, skill);
      }
    }
    return owner;
  }

  /** An agent in a workflow of a skill may do no more than the one that has the skill. */
  private Agent inside(Agent agent) {
    return use == null
        ? agent
        : new Agent(
            agent.name(),
            agent.model() == null ? use.owner().agent().model() : agent.model(),
            agent.skill(),
            agent.instructions(),
            agent.instructedBy(),
            agent.servers(),
            agent.tools(),
            agent.policy().and(use.policy()),
            agent.limits(),
            agent.planTools());
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
              + "."
              + (pointer.endsWith("/workflow")
                  ? " The name of a file has a `/`, or ends in .yaml, .yml or .json."
                  : ""));
    }
    return result.skill();
  }
}
