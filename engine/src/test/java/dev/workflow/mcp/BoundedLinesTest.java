package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.mcp.BoundedLines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundedLinesTest {
  private static final int LIMIT = 100_000;

  private static List<String> read(String text) throws IOException {
    BoundedLines lines =
        new BoundedLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), LIMIT);
    List<String> read = new ArrayList<>();
    for (Line line = lines.next(); line != null; line = lines.next()) {
      read.add(
          switch (line) {
            case Line.Whole whole -> new String(whole.bytes(), StandardCharsets.UTF_8);
            case Line.TooLong tooLong ->
                tooLong.length()
                    + " bytes from "
                    + tooLong.head().substring(0, 3)
                    + " to "
                    + tooLong.tail().substring(tooLong.tail().length() - 3);
          });
    }
    return read;
  }

  @Test
  void linesOfAnyLengthUpToTheLimitAreWhole() throws IOException {
    String longest = "a".repeat(LIMIT);
    assertThat(read("one\n\n" + longest + "\nlast")).containsExactly("one", "", longest, "last");
  }

  @Test
  void aLongerLineKeepsItsEndsAndTheNextOneIsWhole() throws IOException {
    for (int extra : new int[] {1, 70_000, 5_000_000}) {
      assertThat(read("abc" + "x".repeat(LIMIT - 6 + extra) + "xyz\nnext\n"))
          .containsExactly((LIMIT + extra) + " bytes from abc to xyz", "next");
    }
  }

  @Test
  void aTooLongLastLineNeedsNoNewline() throws IOException {
    assertThat(read("abc" + "x".repeat(LIMIT) + "xyz"))
        .containsExactly((LIMIT + 6) + " bytes from abc to xyz");
  }
}
