package dev.workflow.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The last lines a child wrote on its error stream. Memory is bounded whatever the child writes: a
 * number of lines, each of a number of bytes; the rest of a longer line is counted, not kept.
 */
final class StderrTail {
  static final int MAX_LINES = 50;
  static final int MAX_LINE_BYTES = 2_000;

  /** What may come at full speed; after that a child that writes for ever is read slowly. */
  static final long FREE_BYTES = 64L << 20;

  private static final long PAUSE_NANOS = 2_000_000;

  private final Deque<String> lines = new ArrayDeque<>();
  private final byte[] line = new byte[MAX_LINE_BYTES];
  private int length;
  private long dropped;

  /** Reads to the end of {@code stream}; never throws, as the stream dies with its child. */
  void drain(InputStream stream) {
    byte[] chunk = new byte[8_192];
    long total = 0;
    try (stream) {
      for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
        accept(chunk, n);
        total += n;
        if (total > FREE_BYTES) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      }
    } catch (IOException closed) {
      // the child is gone: what was read so far is the tail
    }
  }

  synchronized void accept(byte[] chunk, int count) {
    for (int i = 0; i < count; i++) {
      byte b = chunk[i];
      if (b == '\n') {
        endLine();
      } else if (length < MAX_LINE_BYTES) {
        line[length++] = b;
      } else {
        dropped++;
      }
    }
  }

  /** The kept lines, oldest first, with an unfinished last line. */
  synchronized List<String> lines() {
    List<String> copy = new ArrayList<>(lines);
    if (length > 0) {
      copy.add(current());
    }
    return copy;
  }

  private void endLine() {
    String text = current();
    length = 0;
    dropped = 0;
    if (text.isBlank()) {
      return;
    }
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.addLast(text);
  }

  private String current() {
    int end = length > 0 && dropped == 0 && line[length - 1] == '\r' ? length - 1 : length;
    String text = new String(line, 0, end, StandardCharsets.UTF_8);
    return dropped == 0 ? text : text + " [" + dropped + " more bytes]";
  }
}
