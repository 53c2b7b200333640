package dev.workflow.journal;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads what {@link CompactWriter} wrote. Bytes that it did not write give an {@link
 * IllegalArgumentException}.
 */
final class CompactReader {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final byte[] bytes;
  private final Function<Octets, JsonNode> blobs;
  private int at;

  /**
   * A reader at the first byte.
   *
   * @param blobs gives the value of a blob by its SHA-256
   */
  CompactReader(byte[] bytes, Function<Octets, JsonNode> blobs) {
    this.bytes = bytes;
    this.blobs = blobs;
  }

  /** A whole number that is not negative. */
  long count() {
    long count = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int octet = octet();
      count |= (octet & 0x7fL) << shift;
      if (octet < 0x80) {
        return count;
      }
    }
    throw unsound("a number of at most 64 bits");
  }

  /** Any whole number. */
  long whole() {
    long count = count();
    return (count >>> 1) ^ -(count & 1);
  }

  /** The value that takes all the remaining bytes. */
  JsonNode lastValue() {
    JsonNode value = value(0);
    if (at != bytes.length) {
      throw unsound("the end");
    }
    return value;
  }

  private JsonNode value(int depth) {
    if (depth > Tags.DEPTH_MAX) {
      throw unsound("at most " + Tags.DEPTH_MAX + " levels");
    }
    int tag = octet();
    if (tag >= Tags.SMALL_TEXT) {
      return JSON.stringNode(text(tag));
    }
    if (tag >= Tags.SMALL_INT) {
      return JSON.numberNode(tag - Tags.SMALL_INT);
    }
    if (tag >= Tags.SMALL_ARRAY) {
      return array(tag - Tags.SMALL_ARRAY, depth);
    }
    return tag >= Tags.SMALL_OBJECT ? object(tag - Tags.SMALL_OBJECT, depth) : tagged(tag, depth);
  }

  private JsonNode tagged(int tag, int depth) {
    return switch (tag) {
      case Tags.NULL -> JSON.nullNode();
      case Tags.FALSE -> JSON.booleanNode(false);
      case Tags.TRUE -> JSON.booleanNode(true);
      case Tags.SHORT -> JSON.numberNode((short) whole());
      case Tags.INT -> JSON.numberNode((int) whole());
      case Tags.LONG -> JSON.numberNode(whole());
      case Tags.BIG -> JSON.numberNode(new BigInteger(run(length())));
      case Tags.FLOAT -> JSON.numberNode(ByteBuffer.wrap(run(4)).getFloat());
      case Tags.DOUBLE -> JSON.numberNode(ByteBuffer.wrap(run(8)).getDouble());
      case Tags.DECIMAL -> decimal();
      case Tags.BYTES -> JSON.binaryNode(run(length()));
      case Tags.ARRAY -> array(length(), depth);
      case Tags.OBJECT -> object(length(), depth);
      case Tags.BLOB -> blobs.apply(new Octets(run(32)));
      default -> JSON.stringNode(text(tag));
    };
  }

  private JsonNode decimal() {
    int scale = (int) whole();
    return JSON.numberNode(new BigDecimal(new BigInteger(run(length())), scale));
  }

  private ArrayNode array(int count, int depth) {
    ArrayNode array = JSON.arrayNode(count);
    for (int i = 0; i < count; i++) {
      array.add(value(depth + 1));
    }
    return array;
  }

  private ObjectNode object(int count, int depth) {
    ObjectNode object = JSON.objectNode();
    for (int i = 0; i < count; i++) {
      long place = count();
      String name = place == 0 ? text(octet()) : Words.at((int) place - 1);
      object.set(name, value(depth + 1));
    }
    return object;
  }

  private String text(int tag) {
    if (tag >= Tags.SMALL_WORD) {
      return Words.at(tag - Tags.SMALL_WORD);
    }
    if (tag >= Tags.SMALL_TEXT) {
      return new String(run(tag - Tags.SMALL_TEXT), StandardCharsets.UTF_8);
    }
    return switch (tag) {
      case Tags.TEXT -> new String(run(length()), StandardCharsets.UTF_8);
      case Tags.UNITS -> units(ByteBuffer.wrap(run(Math.multiplyExact(2, length()))));
      case Tags.HEX -> HexFormat.of().formatHex(run(32));
      case Tags.WORD -> Words.at((int) count());
      default -> throw unsound("a known tag");
    };
  }

  /** Decoding as UTF-16 would replace what is no sound Unicode. */
  private static String units(ByteBuffer encoded) {
    char[] units = new char[encoded.remaining() / 2];
    encoded.asCharBuffer().get(units);
    return new String(units);
  }

  /** A length, never more than there are bytes left. */
  private int length() {
    long length = count();
    if (length < 0 || length > bytes.length - at) {
      throw unsound("a length within the record");
    }
    return (int) length;
  }

  private byte[] run(int length) {
    if (length > bytes.length - at) {
      throw unsound(length + " more bytes");
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private int octet() {
    if (at >= bytes.length) {
      throw unsound("more bytes");
    }
    return bytes[at++] & 0xff;
  }

  private IllegalArgumentException unsound(String expected) {
    return new IllegalArgumentException("at byte " + at + ": expected " + expected);
  }
}
