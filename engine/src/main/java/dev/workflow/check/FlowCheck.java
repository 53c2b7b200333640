package dev.workflow.check;

import dev.workflow.check.flow.InformationFlow;
import dev.workflow.check.flow.Leak;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Tools;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Warns of steps through which private data can leave together with untrusted content. */
final class FlowCheck implements InformationFlow.World {
  private final Map<String, Checker.Known> known = new LinkedHashMap<>();
  private final CompiledWorkflow compiled;
  private final Skills skills;

  FlowCheck(List<Checker.Known> known, CompiledWorkflow compiled, Skills skills) {
    known.forEach(one -> this.known.put(one.part().name(), one));
    this.compiled = compiled;
    this.skills = skills;
  }

  void check(Resolved resolved, Tools tools) {
    for (Leak leak : new InformationFlow(resolved, compiled, this, skills, tools).leaks()) {
      Checker.Known part = of(leak.part());
      if (leak.unknown().isEmpty()) {
        part.part()
            .report()
            .warning(Rule.INFORMATION_FLOW, leak.pointer(), leak.message(), leak.hint());
      } else {
        leak.unknown()
            .forEach(
                server ->
                    part.catalogue()
                        .leaveOpen(server, "where untrusted content and private data may go"));
      }
    }
  }

  private Checker.Known of(String part) {
    Checker.Known one = known.get(part);
    if (one == null) {
      throw new IllegalArgumentException("There is no workflow " + part);
    }
    return one;
  }

  @Override
  public Set<String> agents(String part, Step step, Verb.Agent verb) {
    return new AgentNames(of(part).part().workflow(), compiled.part(part))
        .of(step, verb)
        .orElse(Set.of());
  }

  @Override
  public Set<String> unknownTools(String part, String agent) {
    Owner owner = of(part).part().owners().get(agent);
    if (owner == null || owner.lacksItsSkill() || !mayLabel(owner.skill())) {
      return Set.of();
    }
    if (owner.skill() == null && of(part).part().use() != null) {
      return Set.of();
    }
    Owner user = user(part, owner);
    Set<String> tools = new LinkedHashSet<>(user.agent().tools());
    if (tools.isEmpty()) {
      of(part).use().ofAgent(user).forEach(server -> tools.add(server + "/"));
    }
    tools.removeIf(tool -> !isUnknown(tool.substring(0, Math.max(0, tool.indexOf('/')))));
    return tools;
  }

  /** Whose servers an agent uses: those of the agent whose skill it works in, if it is in one. */
  private Owner user(String part, Owner owner) {
    Owner user = owner;
    for (SkillUse use = of(part).part().use(); use != null; use = use.user().use()) {
      user = use.owner();
    }
    return user;
  }

  /**
   * With a skill there are only tools for its capabilities, and some of these mean nothing here.
   */
  private boolean mayLabel(@Nullable Skill skill) {
    return skill == null
        || Stream.concat(skill.required().stream(), skill.optional().stream())
            .map(skills::capability)
            .anyMatch(known -> known.isEmpty() || !known.get().labels().isEmpty());
  }

  @Override
  public Set<String> unknownServers(String part, String capability) {
    Checker.Known one = of(part);
    SkillUse skill = one.part().use();
    Set<String> servers =
        new LinkedHashSet<>(
            skill == null
                ? one.use().candidates(capability)
                : one.use().ofAgent(user(part, skill.owner())));
    servers.removeIf(server -> !isUnknown(server));
    return servers;
  }

  @Override
  public boolean isUnknown(String server) {
    return known.values().stream().anyMatch(one -> one.catalogue().isUnasked(server));
  }
}
