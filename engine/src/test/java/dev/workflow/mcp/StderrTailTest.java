package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StderrTailTest {
  private final StderrTail tail = new StderrTail();

  private void write(String text) {
    tail.drain(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void theLastLinesAreKeptInOrder() {
    write(
        IntStream.range(0, StderrTail.MAX_LINES + 10)
            .mapToObj(i -> "line " + i)
            .collect(Collectors.joining("\r\n", "", "\n\n")));
    assertThat(tail.lines())
        .hasSize(StderrTail.MAX_LINES)
        .startsWith("line 10")
        .endsWith("line " + (StderrTail.MAX_LINES + 9));
  }

  @Test
  void anUnfinishedLastLineCounts() {
    write("first\nsecond");
    assertThat(tail.lines()).containsExactly("first", "second");
  }

  @Test
  void theRestOfATooLongLineIsCountedNotKept() {
    write("x".repeat(StderrTail.MAX_LINE_BYTES + 7) + "\nnext\n");
    assertThat(tail.lines())
        .containsExactly("x".repeat(StderrTail.MAX_LINE_BYTES) + " [7 more bytes]", "next");
  }
}
