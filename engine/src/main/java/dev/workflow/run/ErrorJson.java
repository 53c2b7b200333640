package dev.workflow.run;

import dev.workflow.definition.ErrorKind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Step errors as JSON, and the parts that many events have. */
final class ErrorJson {
  private ErrorJson() {}

  static ObjectNode write(StepError error) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("kind", error.kind().word()).put("message", error.message());
    texts(tree, "details", error.details());
    return tree;
  }

  static StepError read(Fields fields) {
    return new StepError(
        fields.word("kind", ErrorKind.class), fields.text("message"), fields.texts("details"));
  }

  /** Sets a list of texts, unless it is empty. */
  static void texts(ObjectNode tree, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      ArrayNode array = tree.putArray(name);
      texts.forEach(array::add);
    }
  }

  /** Sets a value, unless it is absent. */
  static void optional(ObjectNode tree, String name, @Nullable JsonNode value) {
    if (value != null) {
      tree.set(name, value);
    }
  }
}
