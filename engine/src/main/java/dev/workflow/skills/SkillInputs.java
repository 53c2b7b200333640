package dev.workflow.skills;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the JSON Schema of a skill's {@code inputs}; each is required unless it says {@code
 * required: false} or has a default.
 */
final class SkillInputs {
  private static final List<String> CARRIED = List.of("description", "default");

  private SkillInputs() {}

  /** The schema of a skill that takes no inputs. */
  static JsonNode none() {
    return schema(JsonNodeFactory.instance.arrayNode());
  }

  static JsonNode schema(JsonNode inputs) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (JsonNode input : inputs) {
      String name = input.path("name").asString();
      ObjectNode property = properties.putObject(name);
      String type = input.path("type").asString("any");
      if (!type.equals("any")) {
        property.put("type", type);
      }
      for (String key : CARRIED) {
        if (input.has(key)) {
          property.set(key, input.get(key));
        }
      }
      if (input.path("required").asBoolean(!input.has("default"))) {
        required.add(name);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }
}
