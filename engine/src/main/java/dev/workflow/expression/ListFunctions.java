package dev.workflow.expression;

import static dev.workflow.expression.Simple.ANY;
import static dev.workflow.expression.Simple.INTEGER;
import static dev.workflow.expression.Simple.NUMBER;
import static dev.workflow.expression.Simple.STRING;

import dev.workflow.expression.Function.Form;
import dev.workflow.expression.Function.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** CEL's lists extension, {@code size} and {@code sum}. */
final class ListFunctions {
  private static final Result SAME = arguments -> arguments.getFirst();
  private static final int LEVELS_MAX = 100;

  static final List<Function> ALL =
      List.of(
          new Function(
              "size",
              null,
              List.of(
                  Form.global(INTEGER, STRING),
                  Form.global(INTEGER, Type.ListOf.OF_ANY),
                  Form.global(INTEGER, Type.MapOf.OF_ANY),
                  Form.member(INTEGER, STRING),
                  Form.member(INTEGER, Type.ListOf.OF_ANY),
                  Form.member(INTEGER, Type.MapOf.OF_ANY)),
              (args, frame) -> size(args[0])),
          new Function(
              "sum",
              null,
              List.of(
                  Form.global(INTEGER, new Type.ListOf(INTEGER)),
                  Form.global(NUMBER, new Type.ListOf(NUMBER)),
                  Form.member(INTEGER, new Type.ListOf(INTEGER)),
                  Form.member(NUMBER, new Type.ListOf(NUMBER))),
              (args, frame) -> sum(Args.list(args[0]), frame)),
          new Function(
              "slice",
              null,
              List.of(
                  Form.member(Type.ListOf.OF_ANY, Type.ListOf.OF_ANY, INTEGER, INTEGER)
                      .giving(SAME)),
              ListFunctions::slice),
          new Function(
              "flatten",
              null,
              List.of(
                  Form.member(Type.ListOf.OF_ANY, Type.ListOf.OF_ANY)
                      .giving(a -> flat(a.getFirst())),
                  Form.member(Type.ListOf.OF_ANY, Type.ListOf.OF_ANY, INTEGER)),
              ListFunctions::flatten),
          new Function(
              "distinct",
              null,
              List.of(Form.member(Type.ListOf.OF_ANY, Type.ListOf.OF_ANY).giving(SAME)),
              (args, frame) -> distinct(Args.list(args[0]), frame)),
          new Function(
              "reverse",
              null,
              List.of(
                  Form.member(STRING, STRING),
                  Form.member(Type.ListOf.OF_ANY, Type.ListOf.OF_ANY).giving(SAME)),
              (args, frame) -> reverse(args[0], frame)),
          new Function(
              "sort",
              null,
              List.of(Form.member(Type.ListOf.OF_ANY, Type.ListOf.OF_ANY).giving(SAME)),
              (args, frame) -> Sorting.sorted(Args.list(args[0]), Args.list(args[0]), frame)),
          new Function(
              "lists.range",
              null,
              List.of(Form.global(new Type.ListOf(INTEGER), INTEGER)),
              (args, frame) -> range(Numbers.whole(args[0]), frame)));

  private ListFunctions() {}

  static JsonNode size(JsonNode value) {
    if (value.isString()) {
      return Args.of(TextFunctions.length(value.stringValue()));
    }
    if (!value.isContainer()) {
      throw Args.expected("a string, a list or an object", value);
    }
    return Args.of(value.size());
  }

  private static JsonNode sum(JsonNode list, Frame frame) {
    frame.budget().steps(list.size());
    JsonNode total = Args.of(0);
    for (JsonNode element : list) {
      total = Numbers.add(total, element);
    }
    return total;
  }

  private static JsonNode slice(JsonNode[] args, Frame frame) {
    JsonNode list = Args.list(args[0]);
    int from = Args.index(args[1]);
    int to = Args.index(args[2]);
    if (from < 0 || to < from || to > list.size()) {
      throw new Stop.Failure(
          "Expected a part of the positions 0 to %d, found %d to %d"
              .formatted(list.size(), from, to));
    }
    frame.budget().make((long) to - from);
    ArrayNode part = JsonNodeFactory.instance.arrayNode(to - from);
    for (int i = from; i < to; i++) {
      part.add(list.get(i));
    }
    return part;
  }

  private static Type flat(Type list) {
    Type element = Type.elementOf(list);
    return element instanceof Type.ListOf ? element : element == ANY ? Type.ListOf.OF_ANY : list;
  }

  private static JsonNode flatten(JsonNode[] args, Frame frame) {
    int levels = args.length > 1 ? Args.index(args[1]) : 1;
    if (levels < 0) {
      throw new Stop.Failure("Expected 0 or more levels, found " + levels);
    }
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    flatten(Args.list(args[0]), Math.min(levels, LEVELS_MAX), out, frame);
    return out;
  }

  private static void flatten(JsonNode list, int levels, ArrayNode out, Frame frame) {
    for (JsonNode element : list) {
      frame.budget().make(1);
      if (levels > 0 && element.isArray()) {
        flatten(element, levels - 1, out, frame);
      } else {
        out.add(element);
      }
    }
  }

  /** The first of each; scalars are found by hashing, the rest is compared one by one. */
  private static JsonNode distinct(JsonNode list, Frame frame) {
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    Set<Object> scalars = new HashSet<>();
    List<JsonNode> containers = new ArrayList<>();
    frame.budget().make(list.size());
    for (JsonNode element : list) {
      frame.budget().step();
      boolean fresh =
          element.isContainer()
              ? containers.stream().noneMatch(c -> Compare.equal(c, element, frame.budget()))
              : scalars.add(Compare.identity(element));
      if (fresh) {
        out.add(element);
      }
      if (fresh && element.isContainer()) {
        containers.add(element);
      }
    }
    return out;
  }

  private static JsonNode reverse(JsonNode value, Frame frame) {
    if (value.isString()) {
      frame.budget().make(value.stringValue().length());
      return Args.of(new StringBuilder(value.stringValue()).reverse().toString());
    }
    frame.budget().make(Args.list(value).size());
    List<JsonNode> elements = new ArrayList<>(value.values());
    Collections.reverse(elements);
    return JsonNodeFactory.instance.arrayNode().addAll(elements);
  }

  private static JsonNode range(long end, Frame frame) {
    frame.budget().make(Math.max(0, end));
    ArrayNode out = JsonNodeFactory.instance.arrayNode();
    for (long i = 0; i < end; i++) {
      out.add(i);
    }
    return out;
  }
}
