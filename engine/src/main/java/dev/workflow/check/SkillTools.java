package dev.workflow.check;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.ToolSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a workflow of a skill: those that the skill's capabilities were bound to where it is
 * used, and no others. The workflow itself is tied to no server and no model.
 */
final class SkillTools {
  private static final List<String> OF_USERS = List.of("mcp", "bindings", "models", "simulate");

  private final Part part;
  private final Skill skill;
  private final Map<String, ToolSpec> given;
  private final WebAndCode webAndCode;
  private final boolean writtenInRun;
  private final Report report;
  private final Map<String, Map<String, ToolSpec>> ofOwners = new LinkedHashMap<>();

  /**
   * Of one workflow.
   *
   * @param given the tools of the skill's capabilities; of an optional one there may be none
   * @param writtenInRun whether its steps may be those of a planner, who names tools
   */
  SkillTools(
      Part part,
      SkillUse use,
      Map<String, ToolSpec> given,
      WebAndCode webAndCode,
      boolean writtenInRun) {
    this.part = part;
    this.skill = use.skill();
    this.given = given;
    this.webAndCode = webAndCode;
    this.writtenInRun = writtenInRun;
    this.report = part.report();
  }

  /** Finds all of them and tells what the skill does not have. */
  Bindings find() {
    OF_USERS.stream().filter(part.workflow().document()::has).forEach(this::ofUser);
    part.workflow().allSteps().forEach(this::step);
    Map<String, ToolSpec> tools = new LinkedHashMap<>();
    Map<String, String> capabilities = new LinkedHashMap<>();
    given.forEach(
        (capability, tool) -> {
          tools.put(tool.fullName(), tool);
          capabilities.put(capability, tool.fullName());
        });
    Map<String, List<String>> agentTools = new LinkedHashMap<>();
    part.owners().forEach((name, owner) -> agentTools.put(name, ofAgent(owner)));
    return new Bindings(tools, capabilities, Map.of(), agentTools, ofOwners, List.of());
  }

  private void ofUser(String key) {
    report.invalidKey(
        Rule.SKILL_IS_PORTABLE,
        "/" + key,
        "Expected no `%s` in the workflow of skill `%s`.".formatted(key, skill.name()),
        "It is for the workflow that uses the skill to say; ask for `capabilities` in skill.yaml.");
  }

  private void step(Step step) {
    if (step.verify() != null) {
      tool(step.verify().fullName(), step.pointer() + "/verify/tool", step);
    }
    switch (step.verb()) {
      case Verb.Capability capability -> capability(step, capability.name());
      case Verb.Tool tool ->
          tool(tool.server() + "/" + tool.tool(), step.pointer() + "/tool", step);
      case Verb.Plan plan -> {
        if (plan.tools() != null && !plan.tools().isEmpty()) {
          tool(plan.tools().get(0), step.pointer() + "/allow/tools", step);
        }
      }
      case Verb.Agent other -> {}
      case Verb.Skill other -> {}
      case Verb.Ask other -> {}
      case Verb.SetValue other -> {}
      case Verb.Wait other -> {}
      case Verb.Fail other -> {}
      case Verb.Group other -> {}
      case Verb.Subworkflow other -> {}
      case Verb.Planned other -> {}
    }
  }

  private void capability(Step step, String capability) {
    if (!skill.declares(capability)) {
      TreeSet<String> declared = new TreeSet<>(skill.required());
      declared.addAll(skill.optional());
      report.invalid(
          Rule.UNDECLARED_CAPABILITY,
          step.pointer() + "/capability",
          "Step `%s` calls `%s`, which skill `%s` does not declare."
              .formatted(step.id(), capability, skill.name()),
          Nearest.hint(capability, declared)
              + " Capabilities of a skill stand in its skill.yaml, `capabilities: {required:"
              + " [...]}`.");
    }
  }

  private void tool(String name, String pointer, Step step) {
    boolean has = given.values().stream().anyMatch(tool -> tool.fullName().equals(name));
    if (!writtenInRun || !has) {
      tied(pointer, "step `" + step.id() + "`", name);
    }
  }

  private void tied(String pointer, String who, String found) {
    report.invalid(
        Rule.SKILL_IS_PORTABLE,
        pointer,
        "Expected a capability of skill `%s` in %s, found `%s`."
            .formatted(skill.name(), who, found),
        "A skill is tied to no server: declare what it needs in skill.yaml and write"
            + " `capability: NAME`.");
  }

  private List<String> ofAgent(Owner owner) {
    Agent agent = owner.agent();
    if (!agent.servers().isEmpty()) {
      tied(owner.at("servers"), owner.label(), String.join(", ", agent.servers()));
    } else if (!agent.tools().isEmpty()) {
      tied(owner.at("tools"), owner.label(), String.join(", ", agent.tools()));
    }
    Skill inner = owner.skill();
    if (inner == null) {
      return List.of();
    }
    Map<String, ToolSpec> bound = new LinkedHashMap<>();
    inner.required().forEach(capability -> bind(owner, inner, capability, true, bound));
    inner.optional().forEach(capability -> bind(owner, inner, capability, false, bound));
    ofOwners.put(agent.name(), bound);
    List<String> names = new ArrayList<>();
    bound.values().forEach(tool -> names.add(tool.fullName()));
    return names.stream().distinct().toList();
  }

  private void bind(
      Owner owner, Skill inner, String capability, boolean required, Map<String, ToolSpec> bound) {
    if (required && !skill.required().contains(capability)) {
      report.invalid(
          Rule.UNDECLARED_CAPABILITY,
          owner.atSkill(),
          "Skill `%s` (%s) requires `%s`, which skill `%s` does not."
              .formatted(inner.name(), owner.label(), capability, skill.name()),
          "Add it to `capabilities: {required: [...]}` of skill `" + skill.name() + "`.");
      return;
    }
    ToolSpec tool = given.get(capability);
    String against = tool == null ? null : against(owner, capability, tool);
    if (tool != null && against == null) {
      bound.put(capability, tool);
    } else if (against != null && required) {
      report.invalid(
          Rule.POLICY_FORBIDS,
          owner.atSkill(),
          "Skill `%s` requires `%s`, which `%s` of %s forbids."
              .formatted(inner.name(), capability, against, owner.label()),
          "Choose another skill, or change the policy where it is written.");
    }
  }

  private @Nullable String against(Owner owner, String capability, ToolSpec tool) {
    return webAndCode.forbids(owner.policy(), capability, tool).orElse(null);
  }
}
