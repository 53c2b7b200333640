package dev.workflow.assembly;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Place;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.SkillGraph;
import dev.workflow.mcp.ServerEntry;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The servers that a run may start. */
final class UsedServers {
  private final Set<String> named = new HashSet<>();
  private boolean any;

  private UsedServers() {}

  /**
   * Those that are required, and that steps and agents name; where a capability or the skill of an
   * agent leaves it open, all that are enabled.
   */
  static List<ServerEntry> of(Resolved resolved, Collection<ServerEntry> entries) {
    UsedServers used = new UsedServers();
    used.by(resolved);
    for (Map.Entry<String, Resolved> other : resolved.workflows().entrySet()) {
      boolean ofSkill = !SkillGraph.user(other.getKey()).equals(other.getKey());
      if (!ofSkill) {
        used.by(other.getValue());
      }
    }
    return entries.stream()
        .filter(ServerEntry::enabled)
        .filter(entry -> used.any || entry.required() || used.named.contains(entry.alias()))
        .toList();
  }

  /** Those without which no run goes on, whether a step uses them or not, each with its place. */
  static Map<String, Place> required(Collection<ServerEntry> entries) {
    Map<String, Place> required = new LinkedHashMap<>();
    entries.stream()
        .filter(entry -> entry.enabled() && entry.required())
        .forEach(entry -> required.put(entry.alias(), entry.place()));
    return required;
  }

  private void by(Resolved workflow) {
    workflow.workflow().allSteps().forEach(this::by);
    byTools(workflow.workflow().bindings().values());
    for (Agent agent : workflow.agents().values()) {
      named.addAll(agent.servers());
      byTools(agent.tools());
      any |= agent.skill() != null && agent.servers().isEmpty();
    }
  }

  private void by(Step step) {
    if (step.verb() instanceof Verb.Tool tool) {
      named.add(tool.server());
    }
    if (step.verify() != null) {
      named.add(step.verify().server());
    }
    if (step.verb() instanceof Verb.Plan plan && plan.tools() != null) {
      byTools(plan.tools());
    }
    any |= step.verb() instanceof Verb.Capability;
  }

  /** Tools as they are written: a name, or a server and a name. */
  private void byTools(Collection<String> tools) {
    tools.stream()
        .filter(tool -> tool.contains("/"))
        .forEach(tool -> named.add(tool.substring(0, tool.indexOf('/'))));
  }
}
