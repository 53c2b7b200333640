package dev.workflow.check;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which servers a workflow uses. Candidates for a capability come from the agent's {@code servers},
 * else from the workflow's {@code mcp:}, else from every server that is defined.
 */
final class ServerUse {
  private final Workflow workflow;
  private final Set<String> defined;
  private final Map<String, String> places = new LinkedHashMap<>();

  ServerUse(Workflow workflow, Collection<Owner> owners, Set<String> defined) {
    this.workflow = workflow;
    this.defined = defined;
    workflow.allSteps().forEach(this::step);
    workflow.allSteps().forEach(this::probe);
    owners.forEach(this::owner);
  }

  /** The servers that must be asked, each with the pointer of its first use. */
  Map<String, String> places() {
    return places;
  }

  /** The servers among whose tools an agent's are. */
  Set<String> ofAgent(Owner owner) {
    Agent agent = owner.agent();
    if (!agent.servers().isEmpty()) {
      return new LinkedHashSet<>(agent.servers());
    }
    Set<String> servers = new LinkedHashSet<>();
    agent.tools().forEach(tool -> addServer(tool, servers));
    if (!servers.isEmpty()) {
      return servers;
    }
    Skill skill = owner.skill();
    boolean needsTools =
        skill != null && !(skill.required().isEmpty() && skill.optional().isEmpty());
    return needsTools ? common() : servers;
  }

  /** The servers whose tools may serve the capability of a step. */
  Set<String> candidates(String capability) {
    Set<String> servers = new LinkedHashSet<>(common());
    addServer(workflow.bindings().getOrDefault(capability, ""), servers);
    return servers;
  }

  private Set<String> common() {
    Set<String> own = workflow.servers().keySet();
    return own.isEmpty() ? defined : own;
  }

  private void step(Step step) {
    switch (step.verb()) {
      case Verb.Tool tool -> places.putIfAbsent(tool.server(), step.pointer() + "/tool");
      case Verb.Capability capability ->
          candidates(capability.name())
              .forEach(server -> places.putIfAbsent(server, step.pointer() + "/capability"));
      case Verb.Agent other -> {}
      case Verb.Skill other -> {}
      case Verb.Ask other -> {}
      case Verb.SetValue other -> {}
      case Verb.Wait other -> {}
      case Verb.Fail other -> {}
      case Verb.Group other -> {}
      case Verb.Subworkflow other -> {}
      case Verb.Plan plan -> allowed(step, plan);
      case Verb.Planned other -> {}
    }
  }

  private void allowed(Step step, Verb.Plan verb) {
    List<String> tools = verb.tools() == null ? List.of() : verb.tools();
    for (int i = 0; i < tools.size(); i++) {
      Set<String> server = new LinkedHashSet<>();
      addServer(tools.get(i), server);
      String pointer = step.pointer() + "/allow/tools/" + i;
      server.forEach(name -> places.putIfAbsent(name, pointer));
    }
  }

  private void probe(Step step) {
    if (step.verify() != null) {
      places.putIfAbsent(step.verify().server(), step.pointer() + "/verify/tool");
    }
  }

  private void owner(Owner owner) {
    List<String> written = owner.agent().servers();
    for (String server : ofAgent(owner)) {
      int at = written.indexOf(server);
      places.putIfAbsent(server, at < 0 ? place(owner) : owner.at("servers") + "/" + at);
    }
    Skill skill = owner.skill();
    if (skill != null) {
      skill.required().forEach(capability -> bound(capability, owner));
      skill.optional().forEach(capability -> bound(capability, owner));
    }
  }

  private static String place(Owner owner) {
    return owner.skill() == null ? owner.at("tools") : owner.atSkill();
  }

  private void bound(String capability, Owner owner) {
    Set<String> named = new LinkedHashSet<>();
    addServer(workflow.bindings().getOrDefault(capability, ""), named);
    named.forEach(server -> places.putIfAbsent(server, owner.atSkill()));
  }

  private static void addServer(String fullName, Set<String> servers) {
    int slash = fullName.indexOf('/');
    if (slash > 0) {
      servers.add(fullName.substring(0, slash));
    }
  }
}
