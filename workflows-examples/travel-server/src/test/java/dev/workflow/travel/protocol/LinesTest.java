package dev.workflow.travel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void linesAreCutAtLineFeedsAndTheLastNeedsNone() throws IOException {
    assertThat(read("one\ntwo\r\n\n  \nlast"))
        .containsExactly("one", "two\r", "(blank)", "(blank)", "last");
  }

  @Test
  void endlessLinesAreDroppedAndTheNextIsRead() throws IOException {
    assertThat(read("x".repeat(20_000) + "\nshort\n" + "y".repeat(11)))
        .containsExactly("(cut)", "short", "(cut)");
  }

  @Test
  void aLineOfExactlyTheLimitIsWhole() throws IOException {
    assertThat(read("0123456789\n0123456789a\n")).containsExactly("0123456789", "(cut)");
  }

  @Test
  void noInputIsNoLine() throws IOException {
    assertThat(read("")).isEmpty();
  }

  private static List<String> read(String input) throws IOException {
    var lines = new Lines(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)), 10);
    var read = new ArrayList<String>();
    for (Lines.Line line = lines.next(); line != null; line = lines.next()) {
      String text = new String(line.bytes(), StandardCharsets.UTF_8);
      read.add(line.cut() ? "(cut)" : line.isBlank() ? "(blank)" : text);
    }
    return read;
  }
}
