package dev.workflow.mcp.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EventStreamTest {
  private static List<String> events(EventStream stream) throws IOException {
    List<String> events = new ArrayList<>();
    for (EventStream.Event it = stream.next(); it != null; it = stream.next()) {
      events.add(it.name() + ":" + new String(it.data(), UTF_8));
    }
    return events;
  }

  private static EventStream stream(String text, int max) {
    return new EventStream(new ByteArrayInputStream(text.getBytes(UTF_8)), max);
  }

  @Test
  void fieldsAreReadAsTheStandardSays() throws IOException {
    EventStream stream =
        stream(
            "\ufeff: comment\nid: 1\nevent: endpoint\ndata: a\ndata:b\ndata\n\n"
                + "event: lonely\n\ndata:  c\nretry: 500\nretry: 5x\nunknown: x\n\ndata: cut off",
            100);
    assertThat(events(stream)).containsExactly("endpoint:a\nb\n", "message: c");
    assertThat(stream.lastId()).isEqualTo("1");
    assertThat(stream.retryMillis()).isEqualTo(500);
  }

  @Property
  void howLinesEndAndHowTheyArriveMakesNoDifference(
      @ForAll @IntRange(min = 1, max = 9) int piece,
      @ForAll @Size(4) List<@IntRange(max = 2) Integer> ends)
      throws IOException {
    List<String> marks = List.of("\n", "\r", "\r\n");
    StringBuilder text = new StringBuilder();
    List<String> lines = List.of("id: 7", "data: x", "", "data: y");
    for (int i = 0; i < 4; i++) {
      text.append(lines.get(i)).append(marks.get(ends.get(i)));
    }
    // A lone LF after a CR would end the same line.
    text.append("data: z\n\n");
    InputStream inPieces =
        new ByteArrayInputStream(text.toString().getBytes(UTF_8)) {
          @Override
          public synchronized int read(byte[] b, int off, int len) {
            return super.read(b, off, Math.min(piece, len));
          }
        };
    if (text.indexOf("\r\n") >= 0 && ends.get(1) == 1 && ends.get(2) == 0) {
      return; // CR, then LF: one end of line, so that there is no empty line between
    }
    assertThat(events(new EventStream(inPieces, 100))).containsExactly("message:x", "message:y\nz");
  }

  @Test
  void anEventOverTheLimitIsRefusedThoughItsLinesAreShort() {
    assertThatThrownBy(() -> stream("data: 123456\n".repeat(3) + "\n", 19).next())
        .isInstanceOf(Unreadable.class)
        .hasMessage("exceeds the maximum allowed size of 19 bytes");
    assertThatThrownBy(() -> stream(": " + "x".repeat(30), 20).next())
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void anEndlessEventTakesNoMoreMemoryThanItsLimit() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] b, int off, int len) {
            Arrays.fill(b, off, off + len, (byte) 'x');
            return len;
          }
        };
    EventStream stream = new EventStream(endless, 1_000_000);
    assertThatThrownBy(stream::next).isInstanceOf(Unreadable.class);
    assertThat(stream.read()).isLessThan(1_100_000);
  }
}
