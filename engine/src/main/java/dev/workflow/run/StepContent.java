package dev.workflow.run;

import dev.workflow.run.Plan.Kind;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** The blocks of content that the tool of a step gave. */
final class StepContent {
  private StepContent() {}

  /** The blocks of a step, of an {@code each} those of all its elements; empty: none were given. */
  static JsonNode of(StepRun step) {
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
    if (step.node.kind() == Kind.TOOL) {
      add(step, blocks);
    }
    return blocks;
  }

  private static void add(StepRun step, ArrayNode blocks) {
    step.elements.forEach(element -> add(element, blocks));
    JsonNode output = step.output;
    if (!step.fansOut() && output != null && step.outcome == StepStatus.SUCCEEDED) {
      add(output, step.content, blocks);
    }
  }

  /** Where it is not recorded, it is no more than what the output says. */
  private static void add(JsonNode output, @Nullable JsonNode content, ArrayNode blocks) {
    if (content != null || isContent(output)) {
      (content == null ? output : content).forEach(blocks::add);
    } else {
      String text = output.isString() ? output.stringValue() : output.toString();
      blocks.addObject().put("type", "text").put("text", text);
    }
  }

  private static boolean isContent(JsonNode output) {
    return output.isArray()
        && output.valueStream().allMatch(block -> block.path("type").isString());
  }
}
