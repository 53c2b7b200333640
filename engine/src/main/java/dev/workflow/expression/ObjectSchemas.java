package dev.workflow.expression;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schemas of objects whose properties are all known. */
final class ObjectSchemas {
  private ObjectSchemas() {}

  static JsonNode of(List<String> names, List<JsonNode> schemas) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (int i = 0; i < names.size(); i++) {
      properties.set(names.get(i), SchemaTypes.lifted(schema, schemas.get(i)));
      required.add(names.get(i));
    }
    return schema.put("additionalProperties", false);
  }
}
