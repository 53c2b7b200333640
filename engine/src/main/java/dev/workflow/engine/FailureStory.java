package dev.workflow.engine;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Names;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a planner is told of a failure: the goal, what was done and what it gave, the failure, and
 * the steps that are to be replaced. Values are views: whole, or with a notice of what is left out.
 */
final class FailureStory {
  private final RunState run;
  private final Failure failure;
  private final StepError error;
  private final Conversations conversations;

  FailureStory(RunState run, Failure failure, StepError error, Conversations conversations) {
    this.run = run;
    this.failure = failure;
    this.error = error;
    this.conversations = conversations;
  }

  /**
   * The story.
   *
   * @param elements that the step stands in, by variable
   */
  String text(Map<String, JsonNode> elements) {
    Workflow workflow = failure.definition().resolved().workflow();
    StringBuilder goal = new StringBuilder();
    goal.append("Step `").append(failure.path().id()).append("` of the plan `");
    goal.append(workflow.name()).append("` has failed, and no try is left.");
    goal.append(" Write steps that lead to the same by another way.");
    PlanHeader.of(workflow.document())
        .map(PlanHeader::goal)
        .filter(text -> !text.isBlank())
        .ifPresent(text -> goal.append("\nThe goal of the plan: ").append(text));
    if (workflow.description() != null) {
      goal.append("\nWhat the plan is for: ").append(workflow.description().strip());
    }
    goal.append("\nThe failure: ").append(error.kind().word()).append(": ").append(error.message());
    error.details().forEach(detail -> goal.append("\n- ").append(detail));
    return conversations.prompt(goal.toString(), sections(elements));
  }

  private Map<String, JsonNode> sections(Map<String, JsonNode> elements) {
    Map<String, JsonNode> sections = new LinkedHashMap<>();
    ObjectNode open = JsonNodeFactory.instance.objectNode();
    failure.open().forEach(id -> open.set(id, failure.steps().path(id)));
    sections.put("The steps to replace", open);
    String holder = failure.graph().substring(0, failure.graph().lastIndexOf('/'));
    JsonNode outputs = failure.document().at(holder + "/outputs");
    if (outputs.isObject()) {
      sections.put("The `outputs`, which stay", outputs);
    }
    sections.put("The inputs", run.inputsAt(failure.path()));
    elements.forEach((variable, item) -> sections.put("The element `" + variable + "`", item));
    for (StepPath at = failure.path(); at != null; at = at.parent()) {
      around(at, sections);
    }
    return sections;
  }

  /** The other steps of the graph that a step stands in. */
  private void around(StepPath path, Map<String, JsonNode> sections) {
    StepPath container = path.parent();
    Names names = run.namesAt(path);
    (container == null ? run.plan().nodes() : run.nodesInside(container))
        .forEach(
            node -> {
              boolean replaced = path.equals(failure.path()) && failure.open().contains(node.id());
              if (!replaced && !node.id().equals(path.id())) {
                StepInfo step = names.step(node.id());
                sections.putIfAbsent(title(step), known(step));
              }
            });
  }

  private static String title(StepInfo step) {
    return "Step " + step.path().id() + ", which stays: " + step.status().word();
  }

  private static JsonNode known(StepInfo step) {
    JsonNode output = step.output();
    if (output != null) {
      return ContentBlocks.shown(output);
    }
    StepError error = step.error();
    return error == null
        ? JsonNodeFactory.instance.stringNode("It has no output yet, or none at all.")
        : RunValues.error(error);
  }
}
