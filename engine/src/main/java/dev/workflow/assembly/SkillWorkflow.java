package dev.workflow.assembly;

import dev.workflow.definition.Skill;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A workflow whose only step uses a skill, with all its inputs. A skill that declares none and is
 * followed by a model, such as one of other clients, takes a {@code query}.
 */
public final class SkillWorkflow {
  /** What a skill without inputs is asked. */
  static final String QUERY = "query";

  private static final String STEP = "result";
  private static final String NO_QUERY = "Do what your instructions say.";

  private SkillWorkflow() {}

  /** The input that a query fills; empty: the skill needs more than one, or no text. */
  public static Optional<String> queryInput(Skill skill) {
    return takesQuery(skill) ? Optional.of(QUERY) : skill.promptInput();
  }

  private static boolean takesQuery(Skill skill) {
    return skill.workflow() == null && skill.inputSchema().path("properties").isEmpty();
  }

  /**
   * The workflow in its long form.
   *
   * @param bindings of capabilities to tools that are chosen by hand
   * @param given whether an input is given that the skill does not require; what is missing would
   *     keep the step from running
   */
  public static ObjectNode of(Skill skill, Map<String, String> bindings, Predicate<String> given) {
    ObjectNode workflow = JsonNodeFactory.instance.objectNode().put("name", skill.name());
    if (!bindings.isEmpty()) {
      ObjectNode chosen = workflow.putObject("bindings");
      bindings.forEach(chosen::put);
    }
    ObjectNode inputs = workflow.putObject("inputs");
    ObjectNode step = JsonNodeFactory.instance.objectNode();
    if (takesQuery(skill)) {
      inputs
          .putObject(QUERY)
          .put("type", "string")
          .put("default", NO_QUERY)
          .put("description", "What is asked");
      workflow.putObject("agents").putObject(STEP).put("skill", skill.name());
      step.put("agent", STEP).put("prompt", "${inputs." + QUERY + "}");
    } else {
      step.put("skill", skill.name());
      with(skill, given, inputs, step.putObject("with"));
    }
    workflow.putObject("steps").set(STEP, step);
    workflow.putObject("outputs").put(STEP, "${" + STEP + "}");
    return workflow;
  }

  private static void with(
      Skill skill, Predicate<String> given, ObjectNode inputs, ObjectNode with) {
    List<String> required = new ArrayList<>();
    skill.inputSchema().path("required").forEach(each -> required.add(each.asString()));
    for (Map.Entry<String, JsonNode> input : skill.inputSchema().path("properties").properties()) {
      boolean optional = !required.contains(input.getKey());
      inputs.set(input.getKey() + (optional ? "?" : ""), input.getValue());
      if (!optional || input.getValue().has("default") || given.test(input.getKey())) {
        with.put(input.getKey(), "${inputs." + input.getKey() + "}");
      }
    }
  }
}
