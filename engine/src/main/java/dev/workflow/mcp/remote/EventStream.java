package dev.workflow.mcp.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads server-sent events, as the HTML standard defines them, within a bound for each. */
public final class EventStream {
  private static final int BUFFER = 65_536;
  private static final Pattern DIGITS = Pattern.compile("\\d{1,9}");
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final InputStream in;
  private final int maxBytes;
  private final Line line = new Line();
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int filled;
  private boolean begun;
  private boolean afterReturn;
  private @Nullable String lastId;
  private @Nullable Long retryMillis;
  private long read;

  /**
   * Events of a stream.
   *
   * @param maxBytes of one event, and of one line
   */
  public EventStream(InputStream in, int maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /** One event with data; its name is {@code message} unless the server says otherwise. */
  @SuppressWarnings("ArrayRecordComponent") // handed over: nobody else keeps the array
  public record Event(String name, byte[] data) {}

  /** Bytes whose array can be looked at in place. */
  private static final class Line extends ByteArrayOutputStream {
    boolean isField(String field) {
      return count >= field.length()
          && Arrays.equals(buf, 0, field.length(), field.getBytes(UTF_8), 0, field.length())
          && (count == field.length() || buf[field.length()] == ':');
    }

    int valueAt(String field) {
      int start = Math.min(count, field.length() + 1);
      return start < count && buf[start] == ' ' ? start + 1 : start;
    }

    String value(String field) {
      int start = valueAt(field);
      return new String(buf, start, count - start, UTF_8);
    }

    void copyValue(String field, ByteArrayOutputStream to) {
      int start = valueAt(field);
      to.write(buf, start, count - start);
    }

    void dropMark() {
      int length = BYTE_ORDER_MARK.length;
      if (count >= length && Arrays.equals(buf, 0, length, BYTE_ORDER_MARK, 0, length)) {
        System.arraycopy(buf, length, buf, 0, count - length);
        count -= length;
      }
    }
  }

  /** Where to go on after a break; null until the server has given an id. */
  public @Nullable String lastId() {
    return lastId;
  }

  /** How long the server wants us to wait after a break, in milliseconds; null: not said. */
  public @Nullable Long retryMillis() {
    return retryMillis;
  }

  /** Bytes that were read so far. */
  public long read() {
    return read;
  }

  /**
   * The next event with data; null at the end of the stream. What was begun and not ended by an
   * empty line is dropped.
   *
   * @throws Unreadable when an event or a line is too large
   */
  public @Nullable Event next() throws IOException {
    String name = "";
    ByteArrayOutputStream data = null;
    while (readLine()) {
      if (line.size() == 0) {
        if (data != null) {
          return new Event(name.isEmpty() ? "message" : name, data.toByteArray());
        }
        name = "";
      } else if (line.isField("data")) {
        data = appended(data);
      } else if (line.isField("event")) {
        name = line.value("event");
      } else {
        remember();
      }
    }
    return null;
  }

  private ByteArrayOutputStream appended(@Nullable ByteArrayOutputStream before) throws Unreadable {
    ByteArrayOutputStream data = before == null ? new ByteArrayOutputStream() : before;
    if (before != null) {
      data.write('\n');
    }
    line.copyValue("data", data);
    if (data.size() > maxBytes) {
      throw tooLarge();
    }
    return data;
  }

  private void remember() {
    if (line.isField("id")) {
      String id = line.value("id");
      lastId = id.indexOf('\0') >= 0 ? lastId : id;
    } else if (line.isField("retry") && DIGITS.matcher(line.value("retry")).matches()) {
      retryMillis = Long.parseLong(line.value("retry"));
    }
  }

  /** Lines end with CR, LF or both; what follows a CR may come much later. */
  private boolean readLine() throws IOException {
    line.reset();
    while (true) {
      if (at == filled && !fill()) {
        return false;
      }
      if (afterReturn && buffer[at] == '\n') {
        at++;
        afterReturn = false;
        continue;
      }
      afterReturn = false;
      int end = at;
      while (end < filled && buffer[end] != '\n' && buffer[end] != '\r') {
        end++;
      }
      if (line.size() + (end - at) > maxBytes) {
        throw tooLarge();
      }
      line.write(buffer, at, end - at);
      at = end;
      if (end < filled) {
        afterReturn = buffer[at++] == '\r';
        if (!begun) {
          begun = true;
          line.dropMark();
        }
        return true;
      }
    }
  }

  private boolean fill() throws IOException {
    int count = in.read(buffer);
    at = 0;
    filled = Math.max(count, 0);
    read += filled;
    return count > 0;
  }

  private Unreadable tooLarge() {
    return new Unreadable("exceeds the maximum allowed size of " + maxBytes + " bytes");
  }
}
