package dev.workflow.definition;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a step does: each step has exactly one verb. Texts may hold {@code ${...}} expressions. */
public sealed interface Verb {

  /** The key of the YAML, such as {@code tool}. */
  String word();

  /** The ids of steps whose outputs follow the prompt; empty: it has none. */
  default List<String> context() {
    return List.of();
  }

  /**
   * A model works in a loop of replies and tool calls until it answers.
   *
   * @param agent name of an agent, or one {@code ${...}} expression that gives such a name
   * @param context ids of steps whose outputs follow the prompt
   */
  record Agent(String agent, String prompt, List<String> context) implements Verb {
    public Agent {
      context = List.copyOf(context);
    }

    @Override
    public String word() {
      return "agent";
    }
  }

  /**
   * A skill answers, run by the default agent or by its own workflow.
   *
   * @param with its inputs
   * @param asWorkflow whether only a skill with a workflow is meant: it was named by {@code
   *     workflow}
   */
  record Skill(String name, JsonNode with, boolean asWorkflow) implements Verb {

    /** Whether what {@code workflow} names is a skill, and no file. */
    public static boolean isNamedBy(String workflow) {
      return workflow.indexOf('/') < 0
          && Stream.of(".yaml", ".yml", ".json").noneMatch(workflow::endsWith);
    }

    @Override
    public String word() {
      return asWorkflow ? "workflow" : "skill";
    }
  }

  /** A tool that the capability is bound to before the run. */
  record Capability(String name, JsonNode with) implements Verb {
    @Override
    public String word() {
      return "capability";
    }
  }

  /** One MCP tool, named {@code server/tool}. */
  record Tool(String server, String tool, JsonNode with) implements Verb {
    @Override
    public String word() {
      return "tool";
    }
  }

  /**
   * A question to a person.
   *
   * @param form JSON Schema of the answer; absent: approve or reject
   */
  record Ask(String text, @Nullable JsonNode form) implements Verb {
    @Override
    public String word() {
      return "ask";
    }
  }

  /** A value computed by expressions alone. */
  record SetValue(JsonNode value) implements Verb {
    @Override
    public String word() {
      return "set";
    }
  }

  /** Lets time pass: a duration such as {@code 20s}, or one {@code ${...}} that gives a time. */
  record Wait(String until) implements Verb {
    @Override
    public String word() {
      return "wait";
    }
  }

  /** Fails on purpose with a text. */
  record Fail(String text) implements Verb {
    @Override
    public String word() {
      return "fail";
    }
  }

  /**
   * A graph inside the step. Its steps see the names around it.
   *
   * @param outputs name to a value, evaluated when all its steps have ended; empty: the outputs of
   *     the steps on which no other builds
   */
  record Group(List<Step> steps, Map<String, JsonNode> outputs) implements Verb {
    public Group {
      steps = List.copyOf(steps);
      outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    @Override
    public String word() {
      return "steps";
    }
  }

  /**
   * A model writes a plan for a goal; the output is the plan, which has passed the check.
   *
   * @param agent name of the agent that plans
   * @param prompt the goal
   * @param context ids of steps whose outputs follow the goal
   * @param agents names of those whom the plan may ask
   * @param tools names ({@code server/tool}) of those that it may call; absent: the tools of the
   *     planning agent
   */
  record Plan(
      String agent,
      String prompt,
      List<String> context,
      List<String> agents,
      @Nullable List<String> tools)
      implements Verb {
    public Plan {
      context = List.copyOf(context);
      agents = List.copyOf(agents);
      tools = tools == null ? null : List.copyOf(tools);
    }

    @Override
    public String word() {
      return "plan";
    }
  }

  /**
   * Runs what a step with {@code plan} has written, which sees nothing but its inputs.
   *
   * @param step id of that step
   * @param with its inputs
   */
  record Planned(String step, JsonNode with) implements Verb {
    @Override
    public String word() {
      return "workflow";
    }
  }

  /**
   * Another workflow, which sees nothing but its inputs.
   *
   * @param file its path, relative to the file that names it
   * @param with its inputs
   */
  record Subworkflow(String file, JsonNode with) implements Verb {
    @Override
    public String word() {
      return "workflow";
    }
  }
}
