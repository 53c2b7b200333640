package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the definition says of a step's output before any expression is looked at. */
final class StepOutputs {
  private final Resolved resolved;

  StepOutputs(Resolved resolved) {
    this.resolved = resolved;
  }

  /**
   * The schema that one output must satisfy: the step's own {@code output}, else its skill's
   * contract, its tool's, or its form.
   *
   * @return null when the definition asks for nothing
   */
  @Nullable JsonNode contract(Step step) {
    if (step.output() != null) {
      return step.output();
    }
    return switch (step.verb()) {
      case Verb.Agent agent -> ofAgent(agent.agent());
      case Verb.Skill skill -> ofSkill(skill.name());
      case Verb.Tool tool -> ofTool(tool.server() + "/" + tool.tool());
      case Verb.Capability capability -> ofTool(resolved.bindings().get(capability.name()));
      case Verb.Ask ask -> ask.form() == null ? Schemas.DECISION : ask.form();
      case Verb.SetValue value -> null;
      case Verb.Wait wait -> null;
      case Verb.Fail fail -> null;
      case Verb.Group group -> null;
      case Verb.Subworkflow sub -> null;
      case Verb.Plan plan -> null;
      case Verb.Planned planned -> null;
    };
  }

  /** The type of one output where there is no contract and no expression gives it. */
  JsonNode otherwise(Step step) {
    boolean writesText =
        switch (step.verb()) {
          case Verb.Agent agent -> isFree(agent.agent());
          case Verb.Skill skill -> resolved.skills().containsKey(skill.name());
          case Verb.Capability capability -> false;
          case Verb.Tool tool -> false;
          case Verb.Ask ask -> false;
          case Verb.SetValue value -> false;
          case Verb.Wait wait -> false;
          case Verb.Fail fail -> false;
          case Verb.Group group -> false;
          case Verb.Subworkflow sub -> false;
          case Verb.Plan plan -> false;
          case Verb.Planned planned -> false;
        };
    return writesText ? Schemas.TEXT : Schemas.ANY;
  }

  /** The type of the whole result when one output has the given type. */
  static JsonNode whole(Step step, JsonNode one) {
    if (step.each() == null) {
      return one;
    }
    return step.each().key() == null ? Schemas.listOf(one) : Schemas.mapOf(one);
  }

  private boolean isFree(String name) {
    Agent agent = resolved.agents().get(name);
    return agent != null && (agent.skill() == null || resolved.skills().containsKey(agent.skill()));
  }

  private @Nullable JsonNode ofAgent(String name) {
    Agent agent = resolved.agents().get(name);
    return agent == null || agent.skill() == null ? null : ofSkill(agent.skill());
  }

  private @Nullable JsonNode ofSkill(String name) {
    Skill skill = resolved.skills().get(name);
    return skill == null ? null : skill.outputSchema();
  }

  /** The type of what a tool gives. */
  JsonNode given(String fullName) {
    JsonNode output = ofTool(fullName);
    return output == null ? Schemas.ANY : output;
  }

  private @Nullable JsonNode ofTool(@Nullable String fullName) {
    ToolSpec tool = fullName == null ? null : resolved.tools().get(fullName);
    return tool == null ? null : tool.outputSchema();
  }
}
