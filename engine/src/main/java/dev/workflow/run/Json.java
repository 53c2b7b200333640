package dev.workflow.run;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The few JSON values that the kernel makes itself. */
final class Json {
  private Json() {}

  static JsonNode text(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  static JsonNode list(List<JsonNode> values) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(list::add);
    return list;
  }

  static JsonNode map(Map<String, JsonNode> values) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    values.forEach(map::set);
    return map;
  }
}
