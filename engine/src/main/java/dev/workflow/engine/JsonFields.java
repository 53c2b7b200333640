package dev.workflow.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Fields of JSON objects to and from values; what is absent in one is absent in the other. */
final class JsonFields {
  private JsonFields() {}

  static void put(ObjectNode node, String field, @Nullable String value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  static void put(ObjectNode node, String field, @Nullable Integer value) {
    if (value != null) {
      node.put(field, value);
    }
  }

  static void put(ObjectNode node, String field, @Nullable JsonNode value) {
    if (value != null) {
      node.set(field, value);
    }
  }

  static JsonNode array(List<String> texts) {
    return array(texts, JsonNodeFactory.instance::stringNode);
  }

  static <T> JsonNode array(List<T> values, Function<T, JsonNode> writer) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode(values.size());
    values.forEach(value -> array.add(writer.apply(value)));
    return array;
  }

  static <T> JsonNode object(Map<String, T> map, Function<T, JsonNode> writer) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    map.forEach((name, value) -> object.set(name, writer.apply(value)));
    return object;
  }

  static <T> Map<String, T> map(
      JsonNode node, String field, BiFunction<String, JsonNode, T> reader) {
    Map<String, T> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : required(node, field).properties()) {
      map.put(entry.getKey(), reader.apply(entry.getKey(), entry.getValue()));
    }
    return map;
  }

  static <T> List<T> list(JsonNode array, Function<JsonNode, T> reader) {
    List<T> values = new ArrayList<>(array.size());
    array.forEach(value -> values.add(reader.apply(value)));
    return values;
  }

  static List<String> texts(JsonNode array) {
    return list(array, JsonNode::stringValue);
  }

  static JsonNode required(JsonNode node, String field) {
    JsonNode value = node.get(field);
    if (value == null) {
      throw new IllegalArgumentException(
          "A journaled definition must have the field \""
              + field
              + "\", found "
              + node.propertyNames());
    }
    return value;
  }

  static String text(JsonNode node, String field) {
    return required(node, field).stringValue();
  }

  static @Nullable String optional(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null ? null : value.stringValue();
  }

  static @Nullable Integer count(JsonNode node, String field) {
    JsonNode value = node.get(field);
    return value == null ? null : Integer.valueOf(value.intValue());
  }
}
