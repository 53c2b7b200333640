package dev.workflow.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Splits a stream into lines without ever holding more than a limit of one line. */
final class BoundedLines {
  /** How much of the beginning and of the end of a too long line is kept. */
  static final int EXCERPT_BYTES = 8_192;

  /** A flood is looked through eight bytes at a time. */
  private static final VarHandle EIGHT_BYTES =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHEST_BITS = 0x8080808080808080L;
  private static final long NEWLINES = ONES * '\n';

  /** A line, or as much of one as there will be. */
  sealed interface Line {

    /** One line without its end. The array is handed over: nobody else keeps it. */
    @SuppressWarnings("ArrayRecordComponent")
    record Whole(byte[] bytes) implements Line {}

    /** What stood after the last end of line when the stream ended. */
    @SuppressWarnings("ArrayRecordComponent")
    record Unfinished(byte[] bytes) implements Line {}

    /** A line went over the limit, and this is how it begins. Its end follows. */
    record TooLong(String head) implements Line {}

    /** The end of a line that was too long. */
    record TooLongEnd(String tail) implements Line {}
  }

  /** More came than may come without anybody having use for it. */
  static final class Flood extends IOException {
    private static final long serialVersionUID = 1L;

    Flood(long bytes) {
      super("wrote more than " + bytes + " bytes that answer no request");
    }
  }

  private final InputStream stream;
  private final int maxBytes;
  private final long maxUseless;
  private final byte[] chunk = new byte[65_536];
  private int position;
  private int limit;
  private byte[] line = new byte[1_024];
  private int length;
  private boolean skipping;
  private long useless;

  /**
   * The lines of a stream.
   *
   * @param maxBytes of one line
   * @param maxUseless bytes between two calls of {@link #wasUseful}
   */
  BoundedLines(InputStream stream, int maxBytes, long maxUseless) {
    this.stream = stream;
    this.maxBytes = maxBytes;
    this.maxUseless = maxUseless;
  }

  /**
   * The next line, or null at the end.
   *
   * @throws Flood when too much came that was of no use
   */
  @Nullable Line next() throws IOException {
    if (skipping) {
      return rest();
    }
    forget();
    while (fill()) {
      int end = indexOfNewline();
      take(end < 0 ? limit : end);
      if (length > maxBytes) {
        skipping = true;
        return new Line.TooLong(
            new String(line, 0, Math.min(length, EXCERPT_BYTES), StandardCharsets.UTF_8));
      }
      if (end >= 0) {
        position++;
        return new Line.Whole(kept());
      }
    }
    return length == 0 ? null : new Line.Unfinished(kept());
  }

  /** The last line was one that somebody waited for. */
  void wasUseful() {
    useless = 0;
  }

  /** As much as there is of a line that is not over yet; of a long one its beginning. */
  synchronized String begun() {
    return new String(line, 0, Math.min(length, EXCERPT_BYTES), StandardCharsets.UTF_8);
  }

  private Line rest() throws IOException {
    keepTail();
    boolean ended = false;
    while (!ended && fill()) {
      int end = indexOfNewline();
      ended = end >= 0;
      int stop = ended ? end : limit;
      if (stop - position > EXCERPT_BYTES) {
        drop();
        position = stop - EXCERPT_BYTES;
      }
      take(stop);
      keepTail();
    }
    position += ended ? 1 : 0;
    skipping = false;
    String tail = new String(line, 0, length, StandardCharsets.UTF_8);
    forget();
    return new Line.TooLongEnd(tail);
  }

  /** Moves the chunk's bytes before {@code stop} to the end of the line. */
  private synchronized void take(int stop) {
    int count = stop - position;
    if (length + count > line.length) {
      int roomy = Math.min(line.length * 2, maxBytes + chunk.length);
      line = Arrays.copyOf(line, Math.max(length + count, roomy));
    }
    System.arraycopy(chunk, position, line, length, count);
    length += count;
    position = stop;
  }

  private synchronized void keepTail() {
    int from = Math.max(0, length - EXCERPT_BYTES);
    if (line.length > 2 * EXCERPT_BYTES) {
      line = Arrays.copyOfRange(line, from, from + 2 * EXCERPT_BYTES);
    } else {
      System.arraycopy(line, from, line, 0, length - from);
    }
    length -= from;
  }

  /** What is so far away from its end is no part of the tail. */
  private synchronized void drop() {
    length = 0;
  }

  private synchronized byte[] kept() {
    byte[] whole = Arrays.copyOf(line, length);
    forget();
    return whole;
  }

  private synchronized void forget() {
    length = 0;
    if (line.length > 1 << 20) {
      line = new byte[1_024];
    }
  }

  private boolean fill() throws IOException {
    if (position < limit) {
      return true;
    }
    position = 0;
    limit = Math.max(0, stream.read(chunk));
    useless += limit;
    if (useless > maxUseless) {
      throw new Flood(maxUseless);
    }
    return limit > 0;
  }

  private int indexOfNewline() {
    int i = position;
    while (i + Long.BYTES <= limit && !hasNewline((long) EIGHT_BYTES.get(chunk, i))) {
      i += Long.BYTES;
    }
    for (; i < limit; i++) {
      if (chunk[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** A byte that is zero once the newlines are taken off borrows from its highest bit. */
  private static boolean hasNewline(long eight) {
    long zeros = eight ^ NEWLINES;
    return ((zeros - ONES) & ~zeros & HIGHEST_BITS) != 0;
  }
}
