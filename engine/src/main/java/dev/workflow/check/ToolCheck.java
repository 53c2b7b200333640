package dev.workflow.check;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Nearest;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the tools of steps and agents among those that the servers offer. */
final class ToolCheck {
  private final Workflow workflow;
  private final Collection<Owner> owners;
  private final ServerUse use;
  private final Catalogue catalogue;
  private final Binder binder;
  private final WebAndCode webAndCode;
  private final ToolSchemas schemas;
  private final Report report;
  private final Map<String, ToolSpec> tools = new LinkedHashMap<>();
  private final Map<String, String> capabilities = new LinkedHashMap<>();
  private final Map<String, List<String>> alternatives = new LinkedHashMap<>();
  private final Map<String, List<String>> agentTools = new LinkedHashMap<>();
  private final Map<String, Map<String, ToolSpec>> ofOwners = new LinkedHashMap<>();

  ToolCheck(
      Workflow workflow,
      Collection<Owner> owners,
      ServerUse use,
      Catalogue catalogue,
      Skills skills,
      LockedBindings locked,
      ToolSchemas schemas,
      Report report) {
    this.workflow = workflow;
    this.owners = owners;
    this.use = use;
    this.catalogue = catalogue;
    this.binder = new Binder(skills, catalogue, workflow.bindings(), locked, report);
    this.webAndCode = new WebAndCode(skills, workflow.bindings());
    this.schemas = schemas;
    this.report = report;
  }

  /** Finds all of them and tells what is missing. */
  Bindings find() {
    workflow.allSteps().forEach(this::step);
    owners.forEach(owner -> agentTools.put(owner.agent().name(), ofAgent(owner)));
    new BindingsCheck(workflow, catalogue, report).check(needed());
    alternatives.values().removeIf(List::isEmpty);
    return new Bindings(tools, capabilities, alternatives, agentTools, ofOwners, binder.notes());
  }

  private void step(Step step) {
    if (step.verify() != null) {
      probe(step, step.verify());
    }
    switch (step.verb()) {
      case Verb.Tool tool -> toolStep(step, tool);
      case Verb.Capability capability -> capabilityStep(step, capability);
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

  private void toolStep(Step step, Verb.Tool verb) {
    String owner = owner(step);
    String pointer = step.pointer() + "/tool";
    named(verb.server(), verb.tool(), owner, pointer)
        .filter(tool -> schemas.accept(tool, owner, pointer))
        .ifPresent(this::keep);
  }

  /** What asks about a call must not do anything itself. */
  private void probe(Step step, Step.Verify verify) {
    String owner = "the `verify` of " + owner(step);
    String pointer = step.pointer() + "/verify/tool";
    Optional<ToolSpec> tool =
        named(verify.server(), verify.tool(), owner, pointer)
            .filter(each -> schemas.accept(each, owner, pointer));
    tool.ifPresent(this::keep);
    tool.filter(each -> each.effect() != Effect.READ)
        .ifPresent(
            each ->
                report.invalid(
                    Rule.VERIFY_CHANGES,
                    pointer,
                    "Expected a tool that only reads in %s, found `%s`, whose effect is %s."
                        .formatted(owner, each.fullName(), each.effect().word()),
                    "Name a tool that looks up what the call would have done; where this one only"
                        + " reads, say so in its server's entry, `effects: {"
                        + each.name()
                        + ": read}`."));
  }

  /** The tools that a plan may use are found now, so that it uses those that were checked. */
  private void allowed(Step step, Verb.Plan verb) {
    List<String> tools = verb.tools() == null ? List.of() : verb.tools();
    for (int i = 0; i < tools.size(); i++) {
      int slash = tools.get(i).indexOf('/');
      String pointer = step.pointer() + "/allow/tools/" + i;
      if (slash > 0) {
        named(
                tools.get(i).substring(0, slash),
                tools.get(i).substring(slash + 1),
                owner(step),
                pointer)
            .filter(tool -> schemas.accept(tool, owner(step), pointer))
            .ifPresent(this::keep);
      }
    }
  }

  private static String owner(Step step) {
    return "step `" + step.id() + "`";
  }

  private void capabilityStep(Step step, Verb.Capability verb) {
    String pointer = step.pointer() + "/capability";
    Set<String> given = Set.copyOf(verb.with().propertyNames());
    Binder.Need need = new Binder.Need(owner(step), pointer, verb.name(), true, given);
    Set<String> servers = use.candidates(verb.name());
    binder
        .bind(need, servers, offered(servers))
        .filter(tool -> schemas.accept(tool, owner(step), pointer))
        .ifPresent(
            tool -> {
              keep(tool);
              capabilities.put(verb.name(), tool.fullName());
              if (step.onError() instanceof OnError.Replan) {
                others(verb, tool, offered(servers));
              }
            });
  }

  /**
   * Remembers the tools that could take the place of the one that serves a step: of no higher
   * effect, and with what the step gives them.
   */
  private void others(Verb.Capability verb, ToolSpec bound, List<ToolSpec> candidates) {
    List<String> others = new ArrayList<>();
    for (ToolSpec tool : binder.others(verb.name(), bound, candidates)) {
      boolean given =
          tool.inputSchema()
              .path("required")
              .valueStream()
              .allMatch(required -> verb.with().has(required.asString("")));
      if (given && tool.effect().compareTo(bound.effect()) <= 0 && schemas.isSound(tool)) {
        keep(tool);
        others.add(tool.fullName());
      }
    }
    alternatives.merge(
        verb.name(), others, (some, more) -> some.stream().filter(more::contains).toList());
  }

  private List<String> ofAgent(Owner owner) {
    if (owner.lacksItsSkill()) {
      return List.of();
    }
    List<ToolSpec> candidates = narrowed(owner);
    Skill skill = owner.skill();
    List<ToolSpec> usable =
        skill == null ? allowed(owner.policy(), candidates) : bound(owner, skill, candidates);
    usable.forEach(this::keep);
    return usable.stream().map(ToolSpec::fullName).distinct().toList();
  }

  /** The tools of the agent's servers, narrowed to those it names. */
  private List<ToolSpec> narrowed(Owner owner) {
    Agent agent = owner.agent();
    Set<String> servers = new LinkedHashSet<>(use.ofAgent(owner));
    for (int i = 0; i < agent.servers().size(); i++) {
      String server = agent.servers().get(i);
      if (!catalogue.defines(server)) {
        unknownServer(server, owner.label(), owner.at("servers") + "/" + i);
      } else if (catalogue.isOpaque(server)) {
        catalogue.leaveOpen(server, "the tools of " + owner.label());
      }
    }
    if (agent.tools().isEmpty()) {
      return owner.skill() == null
          ? schemas.sound(offered(servers), owner.label(), owner.at("servers"))
          : offered(servers);
    }
    List<ToolSpec> narrowed = new ArrayList<>();
    for (int i = 0; i < agent.tools().size(); i++) {
      String name = agent.tools().get(i);
      String pointer = owner.at("tools") + "/" + i;
      int slash = name.indexOf('/');
      if (!servers.contains(name.substring(0, slash))) {
        report.invalid(
            Rule.TOOL_OUTSIDE_SERVERS,
            pointer,
            "Tool `%s` is not of the servers of %s: %s."
                .formatted(name, owner.label(), String.join(", ", servers)),
            "Add `" + name.substring(0, slash) + "` to its `servers`.");
      } else {
        named(name.substring(0, slash), name.substring(slash + 1), owner.label(), pointer)
            .filter(tool -> schemas.accept(tool, owner.label(), pointer))
            .ifPresent(narrowed::add);
      }
    }
    return narrowed;
  }

  private List<ToolSpec> bound(Owner owner, Skill skill, List<ToolSpec> candidates) {
    List<ToolSpec> usable = new ArrayList<>();
    for (String capability : each(skill.required(), candidates)) {
      bind(owner, skill, capability, true, candidates).ifPresent(usable::add);
    }
    for (String capability : each(skill.optional(), candidates)) {
      bind(owner, skill, capability, false, candidates).ifPresent(usable::add);
    }
    return usable;
  }

  /** The capabilities, where {@code server/*} is each tool of that server, if it has any. */
  private static List<String> each(List<String> capabilities, List<ToolSpec> candidates) {
    List<String> each = new ArrayList<>();
    for (String capability : capabilities) {
      List<String> tools =
          candidates.stream()
              .filter(tool -> capability.equals(tool.server() + "/*"))
              .map(ToolSpec::fullName)
              .toList();
      each.addAll(tools.isEmpty() ? List.of(capability) : tools);
    }
    return each;
  }

  private Optional<ToolSpec> bind(
      Owner owner, Skill skill, String capability, boolean required, List<ToolSpec> candidates) {
    Binder.Need need =
        new Binder.Need(
            "skill `" + skill.name() + "` (" + owner.label() + ")",
            owner.atSkill(),
            capability,
            required,
            null);
    List<ToolSpec> all = new ArrayList<>(candidates);
    explicit(capability).filter(tool -> !all.contains(tool)).ifPresent(all::add);
    Optional<ToolSpec> tool = binder.bind(need, use.ofAgent(owner), all);
    Optional<String> against =
        tool.flatMap(each -> webAndCode.forbids(owner.policy(), capability, each));
    if (against.isEmpty()) {
      Optional<ToolSpec> usable =
          tool.filter(each -> schemas.accept(each, owner.label(), owner.atSkill()));
      usable.ifPresent(each -> capabilities.putIfAbsent(capability, each.fullName()));
      usable.ifPresent(
          each ->
              ofOwners
                  .computeIfAbsent(owner.agent().name(), name -> new LinkedHashMap<>())
                  .put(capability, each));
      return usable;
    }
    if (required) {
      report.invalid(
          Rule.POLICY_FORBIDS,
          owner.atSkill(),
          "Skill `%s` requires `%s`, which `%s` of %s forbids."
              .formatted(skill.name(), capability, against.get(), owner.label()),
          "Choose another skill, or change the policy where it is written.");
    }
    return Optional.empty();
  }

  private Optional<ToolSpec> explicit(String capability) {
    String name = workflow.bindings().get(capability);
    int slash = name == null ? -1 : name.indexOf('/');
    return name == null || slash < 1
        ? Optional.empty()
        : catalogue.tool(name.substring(0, slash), name.substring(slash + 1));
  }

  private List<ToolSpec> allowed(Policy policy, List<ToolSpec> candidates) {
    return candidates.stream()
        .filter(tool -> webAndCode.forbids(policy, "", tool).isEmpty())
        .toList();
  }

  private List<ToolSpec> offered(Collection<String> servers) {
    return servers.stream().flatMap(server -> catalogue.tools(server).stream()).toList();
  }

  private Optional<ToolSpec> named(String server, String name, String owner, String pointer) {
    if (!catalogue.defines(server)) {
      unknownServer(server, owner, pointer);
      return Optional.empty();
    }
    if (catalogue.isOpaque(server)) {
      catalogue.leaveOpen(server, "tool `" + name + "` of " + owner);
      return Optional.empty();
    }
    Optional<ToolSpec> tool = catalogue.tool(server, name);
    if (tool.isEmpty()) {
      List<String> names = catalogue.tools(server).stream().map(ToolSpec::name).toList();
      report.missing(
          Rule.UNKNOWN_TOOL,
          pointer,
          "Server `%s` has no tool `%s`, which %s names.".formatted(server, name, owner),
          Nearest.hint(name, names));
    }
    return tool;
  }

  private void unknownServer(String server, String owner, String pointer) {
    report.missing(
        Rule.UNKNOWN_SERVER,
        pointer,
        "There is no server `%s`, which %s names.".formatted(server, owner),
        Nearest.hint(server, catalogue.servers())
            + " Servers are defined in `mcp:`, .mcp.json or --mcp-config.");
  }

  private void keep(ToolSpec tool) {
    tools.put(tool.fullName(), tool);
  }

  private Set<String> needed() {
    Set<String> needed = new LinkedHashSet<>();
    for (Owner owner : owners) {
      Skill skill = owner.skill();
      if (skill != null) {
        needed.addAll(skill.required());
        needed.addAll(skill.optional());
      }
    }
    for (Step step : workflow.allSteps()) {
      if (step.verb() instanceof Verb.Capability capability) {
        needed.add(capability.name());
      }
    }
    return needed;
  }
}
