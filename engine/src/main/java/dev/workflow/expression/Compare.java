package dev.workflow.expression;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.POJONode;

/** Equality and order of values. Numbers are equal by value: {@code 1} and {@code 1.0}. */
final class Compare {
  private static final int LEVELS_MAX = 1_000;

  private Compare() {}

  static boolean equal(JsonNode a, JsonNode b, Budget budget) {
    return equal(a, b, budget, LEVELS_MAX);
  }

  private static boolean equal(JsonNode a, JsonNode b, Budget budget, int levels) {
    budget.step();
    if (levels == 0) {
      throw new Stop.OverBudget("The values nest too deeply to compare");
    }
    if (a.isNumber() && b.isNumber()) {
      return Numbers.compare(a, b) == 0;
    }
    if (a.isArray() && b.isArray()) {
      return elementsEqual(a, b, budget, levels - 1);
    }
    if (a.isObject() && b.isObject()) {
      return propertiesEqual(a, b, budget, levels - 1);
    }
    if (a.isString() && b.isString()) {
      return a.stringValue().equals(b.stringValue());
    }
    return !a.isContainer() && a.equals(b);
  }

  /** Equal for scalars that are equal. */
  static Object identity(JsonNode scalar) {
    return scalar.isNumber() ? Numbers.decimal(scalar).stripTrailingZeros() : scalar;
  }

  private static boolean elementsEqual(JsonNode a, JsonNode b, Budget budget, int levels) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i), budget, levels)) {
        return false;
      }
    }
    return true;
  }

  private static boolean propertiesEqual(JsonNode a, JsonNode b, Budget budget, int levels) {
    if (a.size() != b.size()) {
      return false;
    }
    for (Map.Entry<String, JsonNode> property : a.properties()) {
      JsonNode other = b.get(property.getKey());
      if (other == null || !equal(property.getValue(), other, budget, levels)) {
        return false;
      }
    }
    return true;
  }

  /** Numbers, strings, booleans, timestamps and durations have an order among their kind. */
  static int order(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return Numbers.compare(a, b);
    }
    if (a.isString() && b.isString()) {
      return a.stringValue().compareTo(b.stringValue());
    }
    if (a.isBoolean() && b.isBoolean()) {
      return Boolean.compare(a.booleanValue(), b.booleanValue());
    }
    if (a instanceof POJONode left && b instanceof POJONode right) {
      return orderOfTimes(left, right);
    }
    throw unordered(a, b);
  }

  private static int orderOfTimes(POJONode a, POJONode b) {
    if (a.getPojo() instanceof Instant left && b.getPojo() instanceof Instant right) {
      return left.compareTo(right);
    }
    if (a.getPojo() instanceof Duration left && b.getPojo() instanceof Duration right) {
      return left.compareTo(right);
    }
    throw unordered(a, b);
  }

  private static Stop.Failure unordered(JsonNode a, JsonNode b) {
    return new Stop.Failure("Cannot compare " + Args.shown(a) + " with " + Args.shown(b));
  }
}
