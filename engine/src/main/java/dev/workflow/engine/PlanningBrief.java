package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Planner.Bounds;
import tools.jackson.databind.JsonNode;

/** What a planner is told beside its goal: the language of plans, and what a plan may use. */
final class PlanningBrief {
  private static final String TASK =
      """
      # Plan
      You write a plan that leads to the goal; you do not carry it out. It is checked before it \
      runs, and what is wrong with it is told to you.
      """;

  private static final String TOOLS =
      """
      # Plans
      Instead of calling tools one by one you can write a plan of many calls: %s checks it and \
      calls nothing, %s runs it and gives what its `outputs` say, %s does both. A plan runs its \
      steps side by side where it can and takes no turn of yours. What is wrong with it is told to \
      you.
      """
          .formatted(PlanTools.CREATE, PlanTools.EXECUTE, PlanTools.CREATE_AND_EXECUTE);

  private static final String LANGUAGE =
      """
      - `steps` maps an id (letters, digits, _) to a step. Each step has exactly one of: `tool` \
      (server/tool, arguments in `with`), `agent` (with `prompt`), `ask` (a question to a person), \
      `set` (a value computed by an expression), `wait`, `fail`, `steps` (a graph inside, with \
      `outputs`).
      - A value is taken from an input or from the output of another step with ${...}, such as \
      "${place.lat}"; a text that is one ${...} keeps its type. A step waits for the steps it \
      refers to, so give no order of your own; `needs: [id]` is for an order without a value. \
      Steps that do not refer to each other run at the same time. No step may refer to itself or, \
      in a circle, to a step that waits for it.
      - Expressions are CEL with `and`, `or`, `not`. `when` is a condition, `each: x in list` runs \
      the step for each element. Only fields that the output schema of a tool or step names can be \
      read; an agent's answer has fields only if its step says `output: {field: type}`.
      - `inputs` are what must be given when the plan is run; leave them out where the goal says it \
      all. `outputs` says what the plan gives.
      - Ask a person before anything that cannot be undone.
      - Use nothing but the tools and agents below, under exactly these names.\
      """;

  private static final String REVISION =
      """
      # Another way
      A step of a plan that is under way has failed for good. You write the steps that take the \
      place of it and of those that wait for it; the other steps stay as they are, finished or not, \
      and their ids cannot be used again. Steps of yours may read them.
      - Answer with `steps` and `reasons` only. Keep the ids of steps that do the same work, with \
      their `undo`, `effects` and other keys; the failed call as it was is no other way.
      - What the `outputs` name must still exist.
      - A call that cannot be undone and was not planned before is put to a person.
      """;

  /** The brief for who looks for another way after a failure. */
  static String ofRevision(Resolved around, Bounds bounds, int most) {
    return REVISION + "\n" + of(around, bounds, most);
  }

  private PlanningBrief() {}

  /**
   * The brief.
   *
   * @param most characters of all tools; those beyond are shown without their schemas
   */
  static String of(Resolved around, Bounds bounds, int most) {
    return TASK + described(around, bounds, most);
  }

  /** The same for an agent that may plan beside calling its tools. */
  static String forTools(Resolved around, Bounds bounds, int most) {
    return TOOLS + described(around, bounds, most);
  }

  private static String described(Resolved around, Bounds bounds, int most) {
    StringBuilder text = new StringBuilder(LANGUAGE);
    text.append("\n\n# Tools of the plan");
    around.tools().values().stream()
        .filter(tool -> bounds.tools().contains(tool.fullName()))
        .forEach(tool -> text.append(described(tool, text.length() < most)));
    text.append(bounds.tools().isEmpty() ? "\nNone." : "");
    text.append("\n\n# Agents of the plan");
    around.agents().values().stream()
        .filter(agent -> bounds.agents().contains(agent.name()))
        .forEach(agent -> text.append(described(agent, around)));
    text.append(bounds.agents().isEmpty() ? "\nNone." : "");
    return text.toString();
  }

  private static String described(ToolSpec tool, boolean whole) {
    StringBuilder text = new StringBuilder("\n- ").append(tool.fullName());
    text.append(" (").append(tool.effect().word()).append("): ").append(tool.description().strip());
    if (whole) {
      text.append("\n  arguments: ").append(tool.inputSchema());
      JsonNode output = tool.outputSchema();
      text.append(output == null ? "\n  output: text, or any value" : "\n  output: " + output);
    }
    return text.toString();
  }

  private static String described(Agent agent, Resolved around) {
    StringBuilder text = new StringBuilder("\n- ").append(agent.name());
    Skill skill = agent.skill() == null ? null : around.skills().get(agent.skill());
    String about = skill == null ? agent.instructions() : skill.description();
    text.append(about == null ? "" : ": " + ModelView.excerpt(about, 500));
    text.append(
        about == null && agent.instructedBy() != null
            ? ": instructed by what step " + agent.instructedBy() + " gives"
            : "");
    if (skill != null && skill.outputSchema() != null) {
      text.append("\n  output: ").append(skill.outputSchema());
    }
    return text.toString();
  }
}
