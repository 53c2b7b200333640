package dev.workflow.expression;

import static dev.workflow.expression.Simple.BOOLEAN;
import static dev.workflow.expression.Simple.INTEGER;
import static dev.workflow.expression.Simple.NUMBER;

import dev.workflow.expression.Function.Form;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import tools.jackson.databind.JsonNode;

/** CEL's math extension, but for {@code greatest} and {@code least}, see {@link Forms}. */
final class MathFunctions {

  static final List<Function> ALL =
      List.of(
          rounding("math.ceil", Math::ceil),
          rounding("math.floor", Math::floor),
          rounding("math.round", Numbers::halfUp),
          rounding("math.trunc", value -> value < 0 ? Math.ceil(value) : Math.floor(value)),
          new Function(
              "math.abs",
              null,
              List.of(Form.global(INTEGER, INTEGER), Form.global(NUMBER, NUMBER)),
              (args, frame) -> Numbers.absolute(args[0])),
          new Function(
              "math.sign",
              null,
              List.of(Form.global(INTEGER, INTEGER), Form.global(NUMBER, NUMBER)),
              (args, frame) -> Args.of((long) Math.signum(Numbers.real(args[0])))),
          new Function(
              "math.sqrt",
              null,
              List.of(Form.global(NUMBER, NUMBER)),
              (args, frame) -> Numbers.real(Math.sqrt(Numbers.real(args[0])))),
          test("math.isNaN", Double::isNaN),
          test("math.isInf", Double::isInfinite),
          test("math.isFinite", Double::isFinite),
          bits("math.bitAnd", (a, b) -> a & b),
          bits("math.bitOr", (a, b) -> a | b),
          bits("math.bitXor", (a, b) -> a ^ b),
          bits("math.bitShiftLeft", (a, b) -> b > 63 ? 0 : a << offset(b)),
          bits("math.bitShiftRight", (a, b) -> b > 63 ? 0 : a >>> offset(b)),
          new Function(
              "math.bitNot",
              null,
              List.of(Form.global(INTEGER, INTEGER)),
              (args, frame) -> Args.of(~Numbers.whole(args[0]))));

  private MathFunctions() {}

  private static Function rounding(String name, DoubleUnaryOperator how) {
    return new Function(
        name,
        null,
        List.of(Form.global(INTEGER, INTEGER), Form.global(NUMBER, NUMBER)),
        (args, frame) -> Numbers.rounded(args[0], how));
  }

  private static Function test(String name, DoublePredicate holds) {
    return new Function(
        name,
        null,
        List.of(Form.global(BOOLEAN, NUMBER)),
        (args, frame) -> Args.of(holds.test(Numbers.real(args[0]))));
  }

  private static Function bits(String name, LongBinaryOperator operator) {
    return new Function(
        name,
        null,
        List.of(Form.global(INTEGER, INTEGER, INTEGER)),
        (args, frame) -> bits(operator, args[0], args[1]));
  }

  private static JsonNode bits(LongBinaryOperator operator, JsonNode a, JsonNode b) {
    return Args.of(operator.applyAsLong(Numbers.whole(a), Numbers.whole(b)));
  }

  private static long offset(long bits) {
    if (bits < 0) {
      throw new Stop.Failure("Expected 0 or more bits, found " + bits);
    }
    return bits;
  }
}
