package dev.workflow.expression;

import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lists and objects written out. */
final class Literals {
  private Literals() {}

  record ListLiteral(List<Code> elements) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      frame.budget().make(elements.size());
      ArrayNode list = JsonNodeFactory.instance.arrayNode(elements.size());
      for (JsonNode element : Code.all(elements, frame)) {
        list.add(element);
      }
      return list;
    }
  }

  record ObjectLiteral(List<Code> keys, List<Code> values) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      frame.budget().make(keys.size());
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      JsonNode[] both = Code.all(Stream.concat(keys.stream(), values.stream()).toList(), frame);
      for (int i = 0; i < keys.size(); i++) {
        String key = key(both[i]);
        if (object.has(key)) {
          throw new Stop.Failure(
              "The key " + Args.shown(Args.of(key)) + " stands twice in an object");
        }
        object.set(key, both[keys.size() + i]);
      }
      return object;
    }
  }

  /** A key of an object: text, or what is written like one. */
  static String key(JsonNode value) {
    if (value.isString()) {
      return value.stringValue();
    }
    if (value.isNumber()) {
      return Numbers.text(value);
    }
    if (value.isBoolean()) {
      return value.toString();
    }
    throw Args.expected("a string as a key", value);
  }
}
