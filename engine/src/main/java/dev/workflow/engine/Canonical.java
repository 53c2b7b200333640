package dev.workflow.engine;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NumericNode;

/**
 * The one way to write a JSON value for hashing: keys sorted, no blanks, equal numbers equal. Two
 * values that mean the same give the same text, whatever order or notation they came in.
 */
public final class Canonical {

  /**
   * Numbers of more digits keep their exponent: {@code 1e999999} must not become a million zeros.
   */
  private static final int MOST_DIGITS = 40;

  private Canonical() {}

  /** The canonical text of a value. */
  public static String json(JsonNode value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  /** SHA-256 of the canonical text, hexadecimal. */
  public static String hash(JsonNode value) {
    return hash(json(value));
  }

  /** SHA-256 of a text in UTF-8, hexadecimal. */
  public static String hash(String text) {
    return hash(text.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 of bytes, hexadecimal. */
  public static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  private static void write(JsonNode value, StringBuilder text) {
    if (value.isObject()) {
      writeObject(value, text);
    } else if (value.isArray()) {
      writeArray(value, text);
    } else if (value.isNumber()) {
      text.append(number(value));
    } else {
      text.append(value);
    }
  }

  private static void writeObject(JsonNode value, StringBuilder text) {
    Map<String, JsonNode> sorted = new TreeMap<>();
    value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    String separator = "{";
    for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
      text.append(separator).append(JsonNodeFactory.instance.stringNode(entry.getKey()));
      text.append(':');
      write(entry.getValue(), text);
      separator = ",";
    }
    text.append(sorted.isEmpty() ? "{}" : "}");
  }

  private static void writeArray(JsonNode value, StringBuilder text) {
    text.append('[');
    for (int i = 0; i < value.size(); i++) {
      text.append(i == 0 ? "" : ",");
      write(value.get(i), text);
    }
    text.append(']');
  }

  private static String number(JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return Long.toString(value.longValue());
    }
    if (value instanceof NumericNode numeric && numeric.isNaN()) {
      return value.toString();
    }
    BigDecimal number = value.decimalValue().stripTrailingZeros();
    long digits = (long) number.precision() - number.scale();
    boolean whole = number.scale() <= 0 && digits <= MOST_DIGITS;
    return whole ? number.toBigIntegerExact().toString() : number.toString();
  }
}
