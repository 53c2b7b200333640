package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.run.StepPath;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workflow with everything it refers to: what a run journals at its start, so that a resume needs
 * no file.
 *
 * @param agents by name: those of the workflow, inline ones under the id of their step, and one for
 *     each {@code skill:} step under the id of that step
 * @param skills by name
 * @param tools by {@code server/tool}: every tool that a step or an agent may call
 * @param bindings capability to {@code server/tool}
 * @param alternatives capability to other tools that may take the place of the bound one where a
 *     step with {@code on_error: replan} fails, the best first
 * @param agentTools agent name to the {@code server/tool} names it may use, policy applied
 * @param models alias (or {@code provider/model} as written) to the usable models, tried in order
 * @param answers scripted answers that stand in for all models; absent: real models
 * @param servers the server entries as the mcp rim keeps them, environment not expanded
 * @param prices of the models, as far as they are known, see {@link #price}
 * @param workflows those that its steps run, however deep, by name; their own maps are empty, and
 *     answers and servers are only here
 */
public record Resolved(
    Workflow workflow,
    Map<String, Agent> agents,
    Map<String, Skill> skills,
    Map<String, ToolSpec> tools,
    Map<String, String> bindings,
    Map<String, List<String>> alternatives,
    Map<String, List<String>> agentTools,
    Map<String, List<ModelRef>> models,
    @Nullable JsonNode answers,
    JsonNode servers,
    Map<String, Price> prices,
    Map<String, Resolved> workflows) {

  public Resolved {
    workflows = ordered(workflows);
    agents = ordered(agents);
    skills = ordered(skills);
    tools = ordered(tools);
    bindings = ordered(bindings);
    alternatives = ordered(alternatives);
    agentTools = ordered(agentTools);
    models = ordered(models);
    prices = ordered(prices);
  }

  /** What a model costs; absent: nobody knows. Scripted answers cost nothing. */
  public @Nullable Price price(ModelRef model) {
    return answers != null ? Price.FREE : prices.get(priced(model));
  }

  /** The name of a model among the prices: an address of its own may have prices of its own. */
  public static String priced(ModelRef model) {
    return model.baseUrl() == null ? model.name() : model.name() + " at " + model.baseUrl();
  }

  /**
   * The name of the other workflow that a step of this one runs; null: it runs none, or a plan.
   *
   * @param from the name of this one; empty: the root
   */
  public @Nullable String runBy(String from, Step step) {
    if (step.verb() instanceof Verb.Subworkflow other) {
      return nameOf(from, other.file());
    }
    Skill skill = skillRunBy(step);
    return skill == null ? null : SkillGraph.nameOf(from, owner(step), skill);
  }

  /** Whether a step of this workflow runs another one, which is known before the run. */
  public boolean runsWorkflow(Step step) {
    return step.verb() instanceof Verb.Subworkflow || skillRunBy(step) != null;
  }

  /** The skill whose workflow a step of this one runs; null: it runs none. */
  public @Nullable Skill skillRunBy(Step step) {
    return skillWithWorkflow(owner(step));
  }

  /** The skill of an agent that has its workflow run; null: it has no such skill. */
  @Nullable Skill skillWithWorkflow(String name) {
    Agent agent = agents.get(name);
    return agent == null ? null : withWorkflow(agent);
  }

  private @Nullable Skill withWorkflow(Agent agent) {
    Skill skill = agent.skill() == null ? null : skills.get(agent.skill());
    return skill == null || skill.workflow() == null ? null : skill;
  }

  /** The name of the agent that a step has work; empty: none, or an expression gives it. */
  private static String owner(Step step) {
    return switch (step.verb()) {
      case Verb.Agent agent -> agent.agent().isEmpty() ? step.name() : agent.agent();
      case Verb.Skill skill -> step.name();
      case Verb.Capability other -> "";
      case Verb.Tool other -> "";
      case Verb.Ask other -> "";
      case Verb.SetValue other -> "";
      case Verb.Wait other -> "";
      case Verb.Fail other -> "";
      case Verb.Group other -> "";
      case Verb.Subworkflow other -> "";
      case Verb.Plan other -> "";
      case Verb.Planned other -> "";
    };
  }

  /** The name of a file that a workflow names: its path relative to the file of the root. */
  public static String nameOf(String from, String file) {
    return Path.of(from).resolveSibling(file).normalize().toString().replace('\\', '/');
  }

  /** The same with other alternatives. */
  public Resolved withAlternatives(Map<String, List<String>> others) {
    return with(workflow, others, workflows);
  }

  /** The same with other workflows that its steps run. */
  public Resolved withWorkflows(Map<String, Resolved> others) {
    return with(workflow, alternatives, others);
  }

  private Resolved with(
      Workflow another, Map<String, List<String>> ways, Map<String, Resolved> others) {
    return new Resolved(
        another,
        agents,
        skills,
        tools,
        bindings,
        ways,
        agentTools,
        models,
        answers,
        servers,
        prices,
        others);
  }

  /** Its long form with a capability bound to another tool. */
  public JsonNode bound(String capability, String tool) {
    ObjectNode document = workflow.document().deepCopy().asObject();
    ObjectNode written =
        document.get("bindings") instanceof ObjectNode map ? map : document.putObject("bindings");
    written.put(capability, tool);
    return document;
  }

  /** The workflow of a name; empty: this one. */
  public Resolved part(String name) {
    if (name.isEmpty()) {
      return this;
    }
    Resolved part = workflows.get(name);
    if (part == null) {
      throw new IllegalArgumentException("There is no workflow " + name);
    }
    return part;
  }

  /** A workflow that was written in a run, with what this one has: it can use that and no more. */
  Resolved planned(Workflow written) {
    return with(written, alternatives, Map.of());
  }

  /** The workflows that steps run, by their paths from another one of them. */
  Map<String, Resolved> workflowsFrom(String name) {
    Path folder = Path.of(name).getParent();
    Map<String, Resolved> relative = new LinkedHashMap<>();
    workflows.forEach(
        (other, part) -> {
          boolean ofItsSkill = other.startsWith(name + "@");
          relative.put(
              ofItsSkill
                  ? other.substring(name.length())
                  : folder == null
                      ? other
                      : folder.relativize(Path.of(other)).toString().replace('\\', '/'),
              part);
        });
    return relative;
  }

  /** What the definition says of the step at a path, in whichever workflow; absent: nothing. */
  public @Nullable Step step(StepPath path) {
    Found found = find(path);
    return found == null ? null : found.step;
  }

  /** The name of the workflow that the step at a path is of; empty: the root. */
  public String workflowOf(StepPath path) {
    Found found = find(path);
    if (found == null) {
      throw new IllegalArgumentException("The definition has no step " + path);
    }
    return found.workflow;
  }

  private record Found(String workflow, Step step) {}

  private @Nullable Found find(StepPath path) {
    String name = "";
    String around = "";
    Step step = null;
    for (StepPath.Segment segment : path.segments()) {
      String other = step == null ? null : part(name).runBy(name, step);
      if (step != null && segment.undoes()) {
        around = step.name();
      } else if (other != null) {
        name = other;
        around = "";
        if (!name.isEmpty() && !workflows.containsKey(name)) {
          return null;
        }
      } else if (step != null && (segment.plans() || step.verb() instanceof Verb.Planned)) {
        return null;
      } else if (step != null) {
        around = step.name() + "/";
      }
      String wanted = around + segment.id();
      step =
          part(name).workflow().allSteps().stream()
              .filter(each -> each.name().equals(wanted))
              .findFirst()
              .orElse(null);
      if (step == null) {
        return null;
      }
    }
    return step == null ? null : new Found(name, step);
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
