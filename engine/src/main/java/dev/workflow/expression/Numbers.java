package dev.workflow.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Arithmetic. Integers stay integers and do not wrap round; an integer meets a fraction as a
 * double.
 */
final class Numbers {
  private Numbers() {}

  static JsonNode add(JsonNode a, JsonNode b) {
    return integers(a, b) ? exact(a, "+", b, Math::addExact) : real(real(a) + real(b));
  }

  static JsonNode subtract(JsonNode a, JsonNode b) {
    return integers(a, b) ? exact(a, "-", b, Math::subtractExact) : real(real(a) - real(b));
  }

  static JsonNode multiply(JsonNode a, JsonNode b) {
    return integers(a, b) ? exact(a, "*", b, Math::multiplyExact) : real(real(a) * real(b));
  }

  /** Of two integers the whole part, else the quotient. */
  static JsonNode divide(JsonNode a, JsonNode b) {
    return integers(a, b) ? exact(a, "/", notZero(b), Math::divideExact) : quotient(a, b);
  }

  /** The quotient with its fraction, also of integers. */
  static JsonNode quotient(JsonNode a, JsonNode b) {
    return real(real(a) / real(notZero(b)));
  }

  static JsonNode remainder(JsonNode a, JsonNode b) {
    return Args.of(whole(a) % whole(notZero(b)));
  }

  static JsonNode negate(JsonNode a) {
    return isInteger(a) ? exact(Args.of(0), "-", a, Math::subtractExact) : real(-real(a));
  }

  static JsonNode absolute(JsonNode a) {
    boolean negative = isInteger(a) ? whole(a) < 0 : real(a) < 0;
    return negative ? negate(a) : a;
  }

  /** Rounds; the result is an integer where it fits one. */
  static JsonNode rounded(JsonNode a, DoubleUnaryOperator how) {
    if (a.isIntegralNumber()) {
      return a;
    }
    double rounded = how.applyAsDouble(real(a));
    return Math.abs(rounded) < 1e15 ? Args.of((long) rounded) : real(rounded);
  }

  /** Half away from zero. */
  static double halfUp(double a) {
    return Math.copySign(Math.floor(Math.abs(a) + 0.5), a);
  }

  static boolean isInteger(JsonNode value) {
    return value.isIntegralNumber() && value.canConvertToLong();
  }

  /** An integer, or a double without fraction. */
  static long whole(JsonNode value) {
    if (isInteger(value)) {
      return value.longValue();
    }
    if (value.isFloatingPointNumber() && isWhole(value.doubleValue())) {
      return (long) value.doubleValue();
    }
    if (value.isIntegralNumber()) {
      throw new Stop.Failure(value + " does not fit into 64 bits");
    }
    throw Args.expected("an integer", value);
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) < 0x1p63;
  }

  static double real(JsonNode value) {
    if (!value.isNumber()) {
      throw Args.expected("a number", value);
    }
    return value.doubleValue();
  }

  static JsonNode real(double value) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new Stop.Failure("The result is not a finite number");
    }
    return JsonNodeFactory.instance.numberNode(value);
  }

  static int compare(JsonNode a, JsonNode b) {
    if (isInteger(a) && isInteger(b)) {
      return Long.compare(a.longValue(), b.longValue());
    }
    if (isFinite(a) && isFinite(b)) {
      return decimal(a).compareTo(decimal(b));
    }
    return Double.compare(a.doubleValue(), b.doubleValue());
  }

  private static boolean isFinite(JsonNode a) {
    return !a.isFloatingPointNumber() || a.isBigDecimal() || Double.isFinite(a.doubleValue());
  }

  static BigDecimal decimal(JsonNode a) {
    if (a.isIntegralNumber()) {
      return new BigDecimal(a.bigIntegerValue());
    }
    return a.isBigDecimal() ? a.decimalValue() : new BigDecimal(a.doubleValue());
  }

  /** Towards zero. */
  static JsonNode truncated(JsonNode a) {
    if (isInteger(a)) {
      return a;
    }
    double value = real(a);
    if (!(Math.abs(value) < 0x1p63)) {
      throw new Stop.Failure(Args.shown(a) + " does not fit into 64 bits");
    }
    return Args.of((long) value);
  }

  static JsonNode parseInteger(String text) {
    try {
      BigInteger number = new BigInteger(text.strip());
      return Args.of(number.longValueExact());
    } catch (ArithmeticException | NumberFormatException e) {
      throw Args.expected("an integer", Args.of(text));
    }
  }

  static JsonNode parseReal(String text) {
    try {
      return real(new BigDecimal(text.strip()).doubleValue());
    } catch (NumberFormatException e) {
      throw Args.expected("a number", Args.of(text));
    }
  }

  /** Without a fraction of zero. */
  static String text(JsonNode number) {
    if (!number.isFloatingPointNumber()) {
      return number.toString();
    }
    double value = number.doubleValue();
    return isWhole(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : number.toString();
  }

  private static boolean integers(JsonNode a, JsonNode b) {
    return a.isIntegralNumber() && b.isIntegralNumber();
  }

  private static JsonNode exact(JsonNode a, String sign, JsonNode b, LongBinaryOperator operator) {
    try {
      return Args.of(operator.applyAsLong(whole(a), whole(b)));
    } catch (ArithmeticException e) {
      throw new Stop.Failure(a + " " + sign + " " + b + " does not fit into 64 bits");
    }
  }

  private static JsonNode notZero(JsonNode divisor) {
    if (real(divisor) == 0) {
      throw new Stop.Failure("Division by zero");
    }
    return divisor;
  }
}
