package dev.workflow.expression;

import java.util.Comparator;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Sorts lists; equal ones keep their order. */
final class Sorting {
  private Sorting() {}

  /** The elements in the order of the keys at the same positions. */
  static JsonNode sorted(JsonNode elements, JsonNode keys, Frame frame) {
    frame.budget().make(elements.size());
    Comparator<Integer> byKey =
        (a, b) -> {
          frame.budget().step();
          return Compare.order(keys.get(a), keys.get(b));
        };
    ArrayNode out = JsonNodeFactory.instance.arrayNode(elements.size());
    IntStream.range(0, elements.size())
        .boxed()
        .sorted(byKey)
        .forEach(index -> out.add(elements.get(index)));
    return out;
  }
}
