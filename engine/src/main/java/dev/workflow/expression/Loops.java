package dev.workflow.expression;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Parts that go over the elements of a list or the keys of an object. */
final class Loops {
  private Loops() {}

  private static Iterable<JsonNode> elements(JsonNode collection) {
    if (collection.isArray()) {
      return collection;
    }
    if (!collection.isObject()) {
      throw Args.expected("a list or an object to go over", collection);
    }
    List<JsonNode> keys = new ArrayList<>(collection.size());
    collection.properties().forEach(property -> keys.add(Args.of(property.getKey())));
    return keys;
  }

  /**
   * {@code all}, {@code exists}: one element may decide alone.
   *
   * @param deciding what the condition of an element that decides is: true for {@code exists}
   */
  record Quantifier(boolean deciding, Code range, int slot, Code condition) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      Stop stopped = null;
      for (JsonNode element : elements(range.run(frame))) {
        frame.budget().step();
        frame.bind(slot, element);
        try {
          if (Args.truth(condition.run(frame)) == deciding) {
            return Args.of(deciding);
          }
        } catch (Stop.OverBudget e) {
          throw e;
        } catch (Stop e) {
          stopped = stopped == null ? e : Stop.merge(stopped, e);
        }
      }
      if (stopped != null) {
        throw stopped;
      }
      return Args.of(!deciding);
    }
  }

  /** Whether exactly one element fulfils the condition. */
  record ExistsOne(Code range, int slot, Code condition) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      Gathered<Boolean> found = gather(range, slot, frame, f -> Args.truth(condition.run(f)));
      return Args.of(found.results().stream().filter(held -> held).count() == 1);
    }
  }

  /** The elements that fulfil the condition. */
  record Filter(Code range, int slot, Code condition) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      Gathered<Boolean> held = gather(range, slot, frame, f -> Args.truth(condition.run(f)));
      ArrayNode out = JsonNodeFactory.instance.arrayNode();
      for (int i = 0; i < held.results().size(); i++) {
        if (held.results().get(i)) {
          frame.budget().make(1);
          out.add(held.elements().get(i));
        }
      }
      return out;
    }
  }

  /** What becomes of each element. */
  record Each(Code range, int slot, Code result) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      Gathered<JsonNode> made = gather(range, slot, frame, result::run);
      return JsonNodeFactory.instance.arrayNode(made.results().size()).addAll(made.results());
    }
  }

  /** The elements in the order of their keys. */
  record SortBy(Code range, int slot, Code key) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      Gathered<JsonNode> keyed = gather(range, slot, frame, key::run);
      JsonNodeFactory json = JsonNodeFactory.instance;
      ArrayNode elements = json.arrayNode().addAll(keyed.elements());
      return Sorting.sorted(elements, json.arrayNode().addAll(keyed.results()), frame);
    }
  }

  private record Gathered<T>(List<JsonNode> elements, List<T> results) {}

  private interface Body<T> {
    T run(Frame frame);
  }

  /** Evaluates the body for every element; what stops several of them is reported together. */
  private static <T> Gathered<T> gather(Code range, int slot, Frame frame, Body<T> body) {
    List<JsonNode> elements = new ArrayList<>();
    List<T> results = new ArrayList<>();
    Stop stopped = null;
    for (JsonNode element : elements(range.run(frame))) {
      frame.budget().step();
      frame.budget().make(1);
      frame.bind(slot, element);
      try {
        results.add(body.run(frame));
        elements.add(element);
      } catch (Stop.OverBudget e) {
        throw e;
      } catch (Stop e) {
        stopped = stopped == null ? e : Stop.merge(stopped, e);
      }
    }
    if (stopped != null) {
      throw stopped;
    }
    return new Gathered<>(elements, results);
  }

  /** The greatest or the least number. */
  record Extreme(boolean greatest, List<Code> numbers) implements Code {
    Extreme {
      numbers = List.copyOf(numbers);
    }

    @Override
    public JsonNode run(Frame frame) {
      List<JsonNode> values = new ArrayList<>();
      for (JsonNode value : Code.all(numbers, frame)) {
        if (numbers.size() == 1 && value.isArray()) {
          values.addAll(value.values());
        } else {
          values.add(value);
        }
      }
      frame.budget().steps(values.size());
      return values.stream()
          .reduce((a, b) -> (Compare.order(number(b), number(a)) > 0) == greatest ? b : a)
          .map(Extreme::number)
          .orElseThrow(() -> new Stop.Failure("Expected at least one number, found none"));
    }

    private static JsonNode number(JsonNode value) {
      Numbers.real(value);
      return value;
    }
  }
}
