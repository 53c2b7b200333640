package dev.workflow.check;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Resolved;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel must know of each step. Steps that were never measured are expected to take ten
 * seconds with a model, one with a tool, and no time otherwise.
 */
final class Nodes {
  private static final Duration MODEL = Duration.ofSeconds(10);
  private static final Duration TOOL = Duration.ofSeconds(1);

  private final Resolved resolved;
  private final CompiledWorkflow compiled;
  private final Map<String, Duration> learned;
  private final AgentNames names;

  Nodes(Resolved resolved, CompiledWorkflow compiled, Map<String, Duration> learned) {
    this.resolved = resolved;
    this.compiled = compiled;
    this.learned = learned;
    this.names = new AgentNames(resolved.workflow(), compiled);
  }

  /**
   * The node of a step.
   *
   * @param body of a container: the name of the graph it runs
   * @param inside that graph, where it is a part of this workflow
   * @param undo the name of the graph that undoes it; absent: none does
   */
  Plan.Node node(
      Step step,
      List<Edge> edges,
      Plan.@Nullable Revise revise,
      @Nullable String body,
      @Nullable List<Plan.Node> inside,
      @Nullable String undo) {
    Step.Each each = step.each();
    Step.Repeat repeat = step.repeat();
    Kind kind = kind(step);
    Duration estimate = inside == null ? estimate(kind) : Plan.duration(inside);
    return new Plan.Node(
        step.id(),
        kind,
        edges,
        each == null
            ? null
            : new Plan.Fan(
                each.concurrency(), readsElement(step, each.variable()), each.enough() != null),
        repeat == null
            ? null
            : new Plan.Repeat(repeat.max(), repeat.every(), repeat.continueWhenUsedUp()),
        revise,
        step.retry(),
        step.timeout(),
        step.onError(),
        kind == Kind.AGENT ? toolCalls(step) : 0,
        learned.getOrDefault(step.name(), estimate),
        body,
        step.verify() != null,
        undo,
        limits(step));
  }

  /** The name of the other workflow that a step runs; null: it runs none that is known. */
  @Nullable String runBy(String from, Step step) {
    return resolved.runBy(from, step);
  }

  /** The calls that a skill allows its workflow are those of the whole step. */
  private Allowance limits(Step step) {
    Skill skill = resolved.skillRunBy(step);
    if (skill == null) {
      return step.limits();
    }
    return step.limits().withToolCalls(policy(agents(step)).maxToolCalls());
  }

  private Policy policy(Set<String> names) {
    return names.stream()
        .map(name -> resolved.agents().get(name))
        .filter(Objects::nonNull)
        .map(this::policy)
        .reduce(Policy.OPEN, Policy::and);
  }

  /** What agents may use up in all steps together. */
  Map<String, Allowance> agents() {
    Map<String, Allowance> bounded = new LinkedHashMap<>();
    resolved
        .agents()
        .forEach(
            (name, agent) -> {
              if (!agent.limits().isNone()) {
                bounded.put(name, agent.limits());
              }
            });
    return bounded;
  }

  private Kind kind(Step step) {
    if (resolved.runsWorkflow(step)) {
      return Kind.WORKFLOW;
    }
    return switch (step.verb()) {
      case Verb.Agent agent -> Kind.AGENT;
      case Verb.Skill skill -> Kind.AGENT;
      case Verb.Capability capability -> Kind.TOOL;
      case Verb.Tool tool -> Kind.TOOL;
      case Verb.Ask ask -> Kind.ASK;
      case Verb.SetValue set -> Kind.SET;
      case Verb.Wait wait -> Kind.WAIT;
      case Verb.Fail fail -> Kind.FAIL;
      case Verb.Group group -> Kind.GROUP;
      case Verb.Subworkflow sub -> Kind.WORKFLOW;
      case Verb.Plan plan -> Kind.AGENT;
      case Verb.Planned planned -> Kind.WORKFLOW;
    };
  }

  private static Duration estimate(Kind kind) {
    return switch (kind) {
      case AGENT -> MODEL;
      case TOOL -> TOOL;
      case ASK, SET, WAIT, FAIL, GROUP, WORKFLOW -> Duration.ZERO;
    };
  }

  private boolean readsElement(Step step, String variable) {
    CompiledStep known = compiled.steps().get(step.name());
    Expression when = known == null ? null : known.when();
    return when != null && when.locals().contains(variable);
  }

  /** The smallest bound of all agents that the step may turn out to run. */
  private int toolCalls(Step step) {
    return agents(step).stream()
        .map(name -> resolved.agents().get(name))
        .mapToInt(agent -> toolCalls(step, agent))
        .min()
        .orElse(toolCalls(step, null));
  }

  private Set<String> agents(Step step) {
    return switch (step.verb()) {
      case Verb.Agent agent -> names.of(step, agent).orElse(Set.of());
      case Verb.Skill skill -> Set.of(step.name());
      case Verb.Capability other -> Set.of();
      case Verb.Tool other -> Set.of();
      case Verb.Ask other -> Set.of();
      case Verb.SetValue other -> Set.of();
      case Verb.Wait other -> Set.of();
      case Verb.Fail other -> Set.of();
      case Verb.Group other -> Set.of();
      case Verb.Subworkflow other -> Set.of();
      case Verb.Plan plan -> Set.of(plan.agent());
      case Verb.Planned other -> Set.of();
    };
  }

  private int toolCalls(Step step, @Nullable Agent agent) {
    Integer wanted = step.limits().toolCalls();
    if (wanted == null && agent != null) {
      wanted = agent.limits().toolCalls();
    }
    int most = wanted == null ? Agent.DEFAULT_TOOL_CALLS : wanted;
    Integer allowed = agent == null ? null : policy(agent).maxToolCalls();
    return allowed == null ? most : Math.min(most, allowed);
  }

  private Policy policy(Agent agent) {
    Skill skill = agent.skill() == null ? null : resolved.skills().get(agent.skill());
    return skill == null ? agent.policy() : agent.policy().and(skill.policy());
  }
}
