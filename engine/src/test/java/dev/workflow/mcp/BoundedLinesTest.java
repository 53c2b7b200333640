package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.mcp.BoundedLines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {
  private static final int LIMIT = 100_000;

  private static BoundedLines lines(InputStream stream, long maxUseless) {
    return new BoundedLines(stream, LIMIT, maxUseless);
  }

  private static List<String> read(String text) throws IOException {
    InputStream stream = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    BoundedLines lines = lines(stream, Long.MAX_VALUE);
    List<String> read = new ArrayList<>();
    for (Line line = lines.next(); line != null; line = lines.next()) {
      read.add(
          switch (line) {
            case Line.Whole whole -> new String(whole.bytes(), StandardCharsets.UTF_8);
            case Line.Unfinished last -> new String(last.bytes(), StandardCharsets.UTF_8) + "...";
            case Line.TooLong tooLong -> tooLong.head().substring(0, 3) + "...";
            case Line.TooLongEnd end -> "..." + end.tail().substring(end.tail().length() - 3);
          });
    }
    return read;
  }

  @Test
  void aLineEndsWhereverItsEndStands() throws IOException {
    List<String> all = new ArrayList<>();
    for (int length = 0; length < 40; length++) {
      all.add("\u000b\u0000\u008a\t".repeat(10).substring(0, length));
    }
    assertThat(read(String.join("\n", all) + "\n")).isEqualTo(all);
  }

  @Test
  void linesOfAnyLengthUpToTheLimitAreWhole() throws IOException {
    String longest = "a".repeat(LIMIT);
    assertThat(read("one\n\n" + longest + "\nlast")).containsExactly("one", "", longest, "last...");
  }

  @Test
  void aLongerLineKeepsItsEndsAndTheNextOneIsWhole() throws IOException {
    for (int extra : new int[] {1, 70_000, 5_000_000}) {
      assertThat(read("abc" + "x".repeat(LIMIT - 6 + extra) + "xyz\nnext\n"))
          .containsExactly("abc...", "...xyz", "next");
    }
  }

  @Test
  void aTooLongLastLineNeedsNoNewline() throws IOException {
    assertThat(read("abc" + "x".repeat(LIMIT) + "xyz")).containsExactly("abc...", "...xyz");
  }

  @Test
  void aLineIsKnownToBeTooLongBeforeItEnds() throws IOException {
    try (PipedOutputStream writer = new PipedOutputStream()) {
      PipedInputStream reader = new PipedInputStream(writer, 2 * LIMIT);
      BoundedLines lines = lines(reader, Long.MAX_VALUE);
      writer.write(("abc" + "x".repeat(LIMIT)).getBytes(StandardCharsets.UTF_8));
      assertThat(lines.next()).isInstanceOf(Line.TooLong.class);
      writer.write("xyz\n".getBytes(StandardCharsets.UTF_8));
      assertThat(lines.next()).isInstanceOf(Line.TooLongEnd.class);
    }
  }

  @Test
  void anEndlessLineIsAFlood() throws IOException {
    BoundedLines lines = lines(new Endless(), 10 * LIMIT);
    assertThat(lines.next()).isInstanceOf(Line.TooLong.class);
    assertThatThrownBy(lines::next)
        .isInstanceOf(BoundedLines.Flood.class)
        .hasMessage("wrote more than 1000000 bytes that answer no request");
  }

  @Test
  void linesThatAreOfUseAreNoFlood() throws IOException {
    String line = "x".repeat(LIMIT) + "\n";
    InputStream stream = new ByteArrayInputStream(line.repeat(20).getBytes(StandardCharsets.UTF_8));
    BoundedLines lines = lines(stream, 3 * LIMIT);
    for (int i = 0; i < 20; i++) {
      assertThat(lines.next()).isInstanceOf(Line.Whole.class);
      lines.wasUseful();
    }
  }

  private static final class Endless extends InputStream {
    @Override
    public int read() {
      return 'x';
    }
  }
}
