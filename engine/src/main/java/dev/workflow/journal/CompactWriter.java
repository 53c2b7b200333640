package dev.workflow.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Writes JSON values in the compact form of {@link Tags}; big values go to the blobs. */
final class CompactWriter {
  private final int blobBytes;
  private final Function<byte[], Octets> blobs;
  private byte[] bytes = new byte[256];
  private int size;

  /**
   * A writer with nothing written.
   *
   * @param blobBytes a value whose compact form is longer is stored as a blob
   * @param blobs takes the bytes of a blob and gives their SHA-256
   */
  CompactWriter(int blobBytes, Function<byte[], Octets> blobs) {
    this.blobBytes = blobBytes;
    this.blobs = blobs;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** A whole number that is not negative, in groups of seven bits. */
  CompactWriter count(long count) {
    long rest = count;
    while ((rest & ~0x7fL) != 0) {
      octet((int) (rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    octet((int) rest);
    return this;
  }

  /** Any whole number; small ones of either sign are short. */
  CompactWriter whole(long number) {
    return count((number << 1) ^ (number >> 63));
  }

  /**
   * A value.
   *
   * @throws IllegalArgumentException when it is no JSON, or nested too deeply
   */
  CompactWriter value(JsonNode value) {
    value(value, 0);
    return this;
  }

  private void value(JsonNode value, int depth) {
    if (depth > Tags.DEPTH_MAX) {
      throw new IllegalArgumentException(
          "expected at most " + Tags.DEPTH_MAX + " levels of nesting, found more");
    }
    int start = size;
    switch (value.getNodeType()) {
      case NULL -> octet(Tags.NULL);
      case BOOLEAN -> octet(value.booleanValue() ? Tags.TRUE : Tags.FALSE);
      case NUMBER -> number(value);
      case STRING -> text(value.stringValue());
      case ARRAY -> array(value, depth);
      case OBJECT -> object(value, depth);
      case BINARY -> octet(Tags.BYTES).run(value.binaryValue());
      case MISSING, POJO ->
          throw new IllegalArgumentException("expected a JSON value, found " + value.getNodeType());
    }
    if (size - start > blobBytes) {
      Octets hash = blobs.apply(Arrays.copyOfRange(bytes, start, size));
      size = start;
      octet(Tags.BLOB).raw(hash.bytes());
    }
  }

  private void array(JsonNode array, int depth) {
    head(array.size(), Tags.SMALL_ARRAY, Tags.ARRAY);
    for (JsonNode item : array) {
      value(item, depth + 1);
    }
  }

  private void object(JsonNode object, int depth) {
    head(object.size(), Tags.SMALL_OBJECT, Tags.OBJECT);
    for (var field : object.properties()) {
      int place = Words.place(field.getKey());
      count(place + 1L);
      if (place < 0) {
        text(field.getKey());
      }
      value(field.getValue(), depth + 1);
    }
  }

  private void head(int count, int small, int large) {
    if (count < 16) {
      octet(small + count);
    } else {
      octet(large).count(count);
    }
  }

  private void number(JsonNode number) {
    switch (number.numberType()) {
      case INT -> integer(number);
      case LONG -> octet(Tags.LONG).whole(number.longValue());
      case BIG_INTEGER -> octet(Tags.BIG).run(number.bigIntegerValue().toByteArray());
      case FLOAT ->
          octet(Tags.FLOAT).raw(ByteBuffer.allocate(4).putFloat(number.floatValue()).array());
      case DOUBLE ->
          octet(Tags.DOUBLE).raw(ByteBuffer.allocate(8).putDouble(number.doubleValue()).array());
      case BIG_DECIMAL ->
          octet(Tags.DECIMAL)
              .whole(number.decimalValue().scale())
              .run(number.decimalValue().unscaledValue().toByteArray());
    }
  }

  private void integer(JsonNode number) {
    int value = number.intValue();
    if (number.isShort()) {
      octet(Tags.SHORT).whole(value);
    } else if (value >= 0 && value < 64) {
      octet(Tags.SMALL_INT + value);
    } else {
      octet(Tags.INT).whole(value);
    }
  }

  private void text(String text) {
    int place = Words.place(text);
    if (place >= 0) {
      word(place);
    } else if (isHash(text)) {
      octet(Tags.HEX).raw(HexFormat.of().parseHex(text));
    } else {
      unicode(text);
    }
  }

  private void word(int place) {
    if (place < 64) {
      octet(Tags.SMALL_WORD + place);
    } else {
      octet(Tags.WORD).count(place);
    }
  }

  private void unicode(String text) {
    if (!isSound(text)) {
      ByteBuffer units = ByteBuffer.allocate(Math.multiplyExact(2, text.length()));
      units.asCharBuffer().put(text);
      octet(Tags.UNITS).count(text.length()).raw(units.array());
      return;
    }
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    if (encoded.length < 64) {
      octet(Tags.SMALL_TEXT + encoded.length);
    } else {
      octet(Tags.TEXT).count(encoded.length);
    }
    raw(encoded);
  }

  /** Whether every surrogate has its other half, without which UTF-8 cannot write it. */
  private static boolean isSound(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean isHash(String text) {
    if (text.length() != 64) {
      return false;
    }
    for (int i = 0; i < 64; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private CompactWriter run(byte[] run) {
    return count(run.length).raw(run);
  }

  private CompactWriter raw(byte[] run) {
    room(run.length);
    System.arraycopy(run, 0, bytes, size, run.length);
    size += run.length;
    return this;
  }

  private CompactWriter octet(int octet) {
    room(1);
    bytes[size++] = (byte) octet;
    return this;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
  }
}
