package dev.workflow.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits a stream into lines without ever holding more than a limit of one line. */
final class BoundedLines {
  /** How much of the beginning and of the end of a too long line is kept. */
  static final int EXCERPT_BYTES = 8_192;

  /** One line without its end. */
  sealed interface Line {

    /** The array is handed over: nobody else keeps it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(byte[] bytes) implements Line {}

    /** A line over the limit: its ends, enough to tell which call it answers. */
    record TooLong(String head, String tail, long length) implements Line {}
  }

  private final InputStream stream;
  private final int maxBytes;
  private final byte[] chunk = new byte[65_536];
  private int position;
  private int limit;
  private byte[] line = new byte[1_024];
  private int length;

  BoundedLines(InputStream stream, int maxBytes) {
    this.stream = stream;
    this.maxBytes = maxBytes;
  }

  /** The next line, a last unfinished one included, or null at the end. */
  @Nullable Line next() throws IOException {
    length = 0;
    while (fill()) {
      int end = indexOfNewline();
      take(end < 0 ? limit : end);
      if (length > maxBytes) {
        return skipRest(end >= 0);
      }
      if (end >= 0) {
        position++;
        return new Line.Whole(kept());
      }
    }
    return length == 0 ? null : new Line.Whole(kept());
  }

  private Line skipRest(boolean atEnd) throws IOException {
    String head = new String(line, 0, Math.min(length, EXCERPT_BYTES), StandardCharsets.UTF_8);
    long total = length;
    keepTail();
    boolean ended = atEnd;
    while (!ended && fill()) {
      int end = indexOfNewline();
      ended = end >= 0;
      int stop = ended ? end : limit;
      total += stop - position;
      take(stop);
      keepTail();
    }
    position += ended ? 1 : 0;
    return new Line.TooLong(head, new String(line, 0, length, StandardCharsets.UTF_8), total);
  }

  /** Moves the chunk's bytes before {@code stop} to the end of the line. */
  private void take(int stop) {
    int count = stop - position;
    if (length + count > line.length) {
      line = Arrays.copyOf(line, Math.max(length + count, line.length * 2));
    }
    System.arraycopy(chunk, position, line, length, count);
    length += count;
    position = stop;
  }

  private void keepTail() {
    int from = Math.max(0, length - EXCERPT_BYTES);
    line = Arrays.copyOfRange(line, from, Math.max(length, from + EXCERPT_BYTES));
    length -= from;
  }

  private byte[] kept() {
    byte[] whole = Arrays.copyOf(line, length);
    if (line.length > 1 << 20) {
      line = new byte[1_024];
    }
    return whole;
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    position = 0;
    limit = Math.max(0, stream.read(chunk));
    return limit > 0;
  }

  private int indexOfNewline() {
    for (int i = position; i < limit; i++) {
      if (chunk[i] == '\n') {
        return i;
      }
    }
    return -1;
  }
}
