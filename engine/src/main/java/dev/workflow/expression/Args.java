package dev.workflow.expression;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Takes values apart and makes new ones. */
final class Args {
  private static final int SHOWN_MAX = 60;

  private Args() {}

  static String text(JsonNode value) {
    if (!value.isString()) {
      throw expected("a string", value);
    }
    return value.stringValue();
  }

  static boolean truth(JsonNode value) {
    if (!value.isBoolean()) {
      throw expected("true or false", value);
    }
    return value.booleanValue();
  }

  /** A list of values. */
  static JsonNode list(JsonNode value) {
    if (!value.isArray()) {
      throw expected("a list", value);
    }
    return value;
  }

  /** A whole number that fits an int, such as an index; larger ones are cut to its range. */
  static int index(JsonNode value) {
    long number = Numbers.whole(value);
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, number));
  }

  static JsonNode of(String text) {
    return JsonNodeFactory.instance.stringNode(text);
  }

  static JsonNode of(boolean truth) {
    return BooleanNode.valueOf(truth);
  }

  static JsonNode of(long number) {
    return JsonNodeFactory.instance.numberNode(number);
  }

  static Stop.Failure expected(String what, JsonNode found) {
    return new Stop.Failure("Expected " + what + ", found " + shown(found));
  }

  /** A value as messages show it: short. */
  static String shown(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> value.isEmpty() ? "{}" : "an object";
      case ARRAY -> value.isEmpty() ? "[]" : "a list";
      case POJO -> Times.text(value);
      default -> cut(value.toString());
    };
  }

  static String cut(String text) {
    if (text.length() <= SHOWN_MAX) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(SHOWN_MAX - 1)) ? SHOWN_MAX - 1 : SHOWN_MAX;
    return text.substring(0, end) + "…";
  }
}
