package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import dev.workflow.yaml.Spot.Span;
import java.math.BigInteger;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a plain scalar means: null, true, false and numbers as JSON writes them, all else is text
 * ({@code yes}, {@code ~} and {@code 0o17} too).
 */
final class Scalars {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]*)?([eE][-+]?[0-9]+)?");

  private Scalars() {}

  static JsonNode plain(Span span) {
    String text = span.text();
    return switch (text) {
      case "", "null" -> NODES.nullNode();
      case "true" -> NODES.booleanNode(true);
      case "false" -> NODES.booleanNode(false);
      default -> mayBeNumber(text) ? number(span) : NODES.stringNode(text);
    };
  }

  private static boolean mayBeNumber(String text) {
    char first = text.charAt(0);
    return first == '-' || (first >= '0' && first <= '9');
  }

  private static JsonNode number(Span span) {
    String text = span.text();
    boolean whole = INTEGER.matcher(text).matches();
    if (!whole && !DECIMAL.matcher(text).matches()) {
      return NODES.stringNode(text);
    }
    if (text.length() > Budget.DIGITS_MAX) {
      throw tooLarge(span);
    }
    if (whole) {
      return integer(new BigInteger(text));
    }
    double value = Double.parseDouble(text);
    if (Double.isInfinite(value)) {
      throw tooLarge(span);
    }
    return NODES.numberNode(value);
  }

  /** The narrowest node, as the JSON parser gives it: read from JSON again, it is equal. */
  private static JsonNode integer(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return NODES.numberNode(value.intValueExact());
    }
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValueExact())
        : NODES.numberNode(value);
  }

  private static YamlMistake tooLarge(Span span) {
    return new YamlMistake(
        Rule.YAML_NUMBER,
        span.start(),
        "Expected a number that fits 64 bits, found one that is larger.",
        "Quote it if it is text.");
  }
}
