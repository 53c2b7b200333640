package dev.workflow.check;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which steps may be answered by what an earlier run gave: those that only read what nobody else
 * changes, and on their author's word also those that read the open world. What a call writes a
 * kept answer would not.
 */
final class CacheCheck {
  private final Resolved resolved;
  private final CompiledWorkflow compiled;
  private final AgentNames agents;
  private final Tools servers;
  private final Report report;

  CacheCheck(Resolved resolved, CompiledWorkflow compiled, Tools servers, Report report) {
    this.resolved = resolved;
    this.compiled = compiled;
    this.agents = new AgentNames(resolved.workflow(), compiled);
    this.servers = servers;
    this.report = report;
  }

  void check() {
    compiled.steps().values().forEach(this::step);
  }

  private void step(CompiledStep compiledStep) {
    Step.Cache cache = compiledStep.step().cache();
    if (cache != null) {
      tools(compiledStep.step()).forEach(tool -> tool(compiledStep.step(), cache, tool));
      neverFound(compiledStep);
    }
  }

  private void tool(Step step, Step.Cache cache, ToolSpec tool) {
    Effect effect = step.effect() == null ? tool.effect() : step.effect();
    String who = "Step `%s` may call `%s`".formatted(step.id(), tool.fullName());
    String time = Durations.text(cache.time());
    if (!effect.repeatable() && step.effect() == null && !servers.isBelieved(tool.server())) {
      report.unverified(
          Rule.CACHE_UNAPPROVED,
          step.pointer() + "/cache",
          who + ", and what it does cannot be told: nobody has approved its server.",
          "Approve the server, or say `effects: read` where the tool only reads.");
    } else if (!effect.repeatable()) {
      report.invalid(
          Rule.CACHE_CHANGES,
          step.pointer() + "/cache",
          who
              + ", whose effect is "
              + effect.word()
              + ": an output that is kept would stand in for the change.",
          "Remove `cache`; where the tool only reads, say `effects: read`, here or in its server's"
              + " entry.");
    } else if (effect != Effect.READ && !cache.forced()) {
      report.invalid(
          Rule.CACHE_CHANGES,
          step.pointer() + "/cache",
          who + ", whose effect is idempotent: a kept output would stand in for the change.",
          "Where nothing undoes the change within %s, write `cache: {for: %s, force: true}`."
              .formatted(time, time));
    } else if (tool.openWorld() && !cache.forced()) {
      report.invalid(
          Rule.CACHE_OPEN_WORLD,
          step.pointer() + "/cache",
          who
              + ", which does not say that it reads a closed world (`openWorldHint: false`): what"
              + " it gives may change at any time.",
          "Where an output of up to %s ago does no harm, write `cache: {for: %s, force: true}`."
              .formatted(time, time));
    }
  }

  /** What each run computes anew makes another question of each. */
  private void neverFound(CompiledStep step) {
    for (String name : List.of("call", "run")) {
      if (step.body().locals().contains(name)) {
        report.invalid(
            Rule.CACHE_UNIQUE,
            step.step().pointer() + "/cache",
            "Step `%s` reads `%s`, which is different in each run: nothing that is kept could ever"
                    .formatted(step.step().id(), name)
                + " answer it.",
            "Remove `cache`, or leave `" + name + "` out of what the step is given.");
      }
    }
  }

  /** The tools that a step may call; those of servers that were not asked are not known. */
  private Collection<ToolSpec> tools(Step step) {
    Set<String> names = new LinkedHashSet<>();
    switch (step.verb()) {
      case Verb.Tool tool -> names.add(tool.server() + "/" + tool.tool());
      case Verb.Capability capability ->
          names.add(resolved.bindings().getOrDefault(capability.name(), ""));
      case Verb.Skill skill -> names.addAll(ofAgent(step.name()));
      case Verb.Agent agent ->
          agents
              .of(step, agent)
              .orElse(Set.of())
              .forEach(name -> names.addAll(ofAgent(name.isEmpty() ? step.name() : name)));
      case Verb.Ask other -> {}
      case Verb.SetValue other -> {}
      case Verb.Wait other -> {}
      case Verb.Fail other -> {}
      case Verb.Group other -> {}
      case Verb.Subworkflow other -> {}
      case Verb.Plan other -> {}
      case Verb.Planned other -> {}
    }
    List<ToolSpec> tools = new ArrayList<>();
    for (String name : names) {
      ToolSpec tool = resolved.tools().get(name);
      if (tool != null) {
        tools.add(tool);
      }
    }
    return tools;
  }

  private List<String> ofAgent(String name) {
    return resolved.agentTools().getOrDefault(name, List.of());
  }
}
