package dev.workflow.travel.protocol;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Lines of bytes, each of at most {@code bytesMax}. */
final class Lines {
  private final InputStream in;
  private final int bytesMax;
  private final byte[] buffer = new byte[8192];
  private int position;
  private int limit;

  Lines(InputStream in, int bytesMax) {
    this.in = in;
    this.bytesMax = bytesMax;
  }

  /** A line without its line feed. */
  static final class Line {
    private final byte[] bytes;
    private final boolean cut;

    private Line(byte[] bytes, boolean cut) {
      this.bytes = bytes;
      this.cut = cut;
    }

    byte[] bytes() {
      return bytes;
    }

    /** Whether it was longer than allowed and its bytes were dropped. */
    boolean cut() {
      return cut;
    }

    boolean isBlank() {
      for (byte b : bytes) {
        if (b != ' ' && b != '\r' && b != '\t') {
          return false;
        }
      }
      return !cut;
    }
  }

  /** The next line, or null at the end of input. A last line without line feed counts. */
  @Nullable Line next() throws IOException {
    var line = new ByteArrayOutputStream(256);
    boolean cut = false;
    while (true) {
      if (position == limit && !fill()) {
        return line.size() == 0 && !cut ? null : new Line(line.toByteArray(), cut);
      }
      int from = position;
      while (position < limit && buffer[position] != '\n') {
        position++;
      }
      if (line.size() + position - from > bytesMax) {
        cut = true;
        line.reset();
      } else if (!cut) {
        line.write(buffer, from, position - from);
      }
      if (position < limit) {
        position++;
        return new Line(line.toByteArray(), cut);
      }
    }
  }

  private boolean fill() throws IOException {
    limit = Math.max(0, in.read(buffer));
    position = 0;
    return limit > 0;
  }
}
