package dev.workflow.expression;

import static dev.workflow.expression.Simple.BOOLEAN;
import static dev.workflow.expression.Simple.DURATION;
import static dev.workflow.expression.Simple.INTEGER;
import static dev.workflow.expression.Simple.NUMBER;
import static dev.workflow.expression.Simple.STRING;
import static dev.workflow.expression.Simple.TIMESTAMP;

import dev.workflow.expression.Function.Form;
import dev.workflow.expression.Function.Operation;
import java.util.List;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Arithmetic, comparison and negation; what decides early is in {@link Logic}. */
final class OperatorFunctions {

  static final List<Function> ALL =
      List.of(
          new Function(
              "_+_",
              "Cannot add %s and %s.",
              List.of(
                  Form.global(INTEGER, INTEGER, INTEGER),
                  Form.global(NUMBER, NUMBER, NUMBER),
                  Form.global(STRING, STRING, STRING),
                  Form.global(Type.ListOf.OF_ANY, Type.ListOf.OF_ANY, Type.ListOf.OF_ANY)
                      .giving(Type::join),
                  Form.global(TIMESTAMP, TIMESTAMP, DURATION),
                  Form.global(TIMESTAMP, DURATION, TIMESTAMP),
                  Form.global(DURATION, DURATION, DURATION)),
              (args, frame) -> add(args[0], args[1], frame)),
          new Function(
              "_-_",
              "Cannot take the second from the first: %s and %s.",
              List.of(
                  Form.global(INTEGER, INTEGER, INTEGER),
                  Form.global(NUMBER, NUMBER, NUMBER),
                  Form.global(DURATION, TIMESTAMP, TIMESTAMP),
                  Form.global(TIMESTAMP, TIMESTAMP, DURATION),
                  Form.global(DURATION, DURATION, DURATION)),
              (args, frame) -> subtract(args[0], args[1])),
          arithmetic("_*_", "Cannot multiply %s by %s.", Numbers::multiply, Numbers::multiply),
          arithmetic("_/_", "Cannot divide %s by %s.", Numbers::divide, Numbers::quotient),
          new Function(
              "_%_",
              "Cannot take the remainder of %s by %s: it needs integers.",
              List.of(Form.global(INTEGER, INTEGER, INTEGER)),
              (args, frame) -> Numbers.remainder(args[0], args[1])),
          new Function(
              "-_",
              "Cannot negate %s.",
              List.of(Form.global(INTEGER, INTEGER), Form.global(NUMBER, NUMBER)),
              (args, frame) -> Numbers.negate(args[0])),
          new Function(
              "!_",
              "Expected a boolean after `not`, found %s.",
              List.of(Form.global(BOOLEAN, BOOLEAN)),
              (args, frame) -> Args.of(!Args.truth(args[0]))),
          ordering("_<_", order -> order < 0),
          ordering("_<=_", order -> order <= 0),
          ordering("_>_", order -> order > 0),
          ordering("_>=_", order -> order >= 0));

  private OperatorFunctions() {}

  private interface Arithmetic {
    JsonNode of(JsonNode a, JsonNode b);
  }

  private static Function arithmetic(
      String name, String phrase, Arithmetic operation, Arithmetic ofNumbers) {
    Operation exact = (args, frame) -> ofNumbers.of(args[0], args[1]);
    return new Function(
        name,
        phrase,
        List.of(
            Form.global(INTEGER, INTEGER, INTEGER),
            Form.global(NUMBER, NUMBER, NUMBER).doing(exact)),
        (args, frame) -> operation.of(args[0], args[1]));
  }

  private static Function ordering(String name, IntPredicate holds) {
    return new Function(
        name,
        "Cannot compare %s with %s.",
        List.of(
            Form.global(BOOLEAN, NUMBER, NUMBER),
            Form.global(BOOLEAN, STRING, STRING),
            Form.global(BOOLEAN, BOOLEAN, BOOLEAN),
            Form.global(BOOLEAN, TIMESTAMP, TIMESTAMP),
            Form.global(BOOLEAN, DURATION, DURATION)),
        (args, frame) -> Args.of(holds.test(Compare.order(args[0], args[1]))));
  }

  private static JsonNode add(JsonNode a, JsonNode b, Frame frame) {
    if (a.isNumber() && b.isNumber()) {
      return Numbers.add(a, b);
    }
    if (a.isString() && b.isString()) {
      frame.budget().make((long) a.stringValue().length() + b.stringValue().length());
      return Args.of(a.stringValue() + b.stringValue());
    }
    if (a.isArray() && b.isArray()) {
      frame.budget().make((long) a.size() + b.size());
      ArrayNode both = JsonNodeFactory.instance.arrayNode(a.size() + b.size());
      a.forEach(both::add);
      b.forEach(both::add);
      return both;
    }
    if (Times.isTimestamp(a) && Times.isDuration(b)) {
      return Times.of(Times.instant(a).plus(Times.span(b)));
    }
    if (Times.isDuration(a) && Times.isTimestamp(b)) {
      return Times.of(Times.instant(b).plus(Times.span(a)));
    }
    if (Times.isDuration(a) && Times.isDuration(b)) {
      return Times.of(Times.span(a).plus(Times.span(b)));
    }
    throw new Stop.Failure("Cannot add " + Args.shown(a) + " and " + Args.shown(b));
  }

  private static JsonNode subtract(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return Numbers.subtract(a, b);
    }
    if (Times.isTimestamp(a) && Times.isTimestamp(b)) {
      return Times.of(java.time.Duration.between(Times.instant(b), Times.instant(a)));
    }
    if (Times.isTimestamp(a) && Times.isDuration(b)) {
      return Times.of(Times.instant(a).minus(Times.span(b)));
    }
    if (Times.isDuration(a) && Times.isDuration(b)) {
      return Times.of(Times.span(a).minus(Times.span(b)));
    }
    throw new Stop.Failure("Cannot take " + Args.shown(b) + " from " + Args.shown(a));
  }
}
