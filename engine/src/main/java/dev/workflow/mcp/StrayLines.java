package dev.workflow.mcp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last lines of a server's output that helped nobody: a few, and of each the beginning. */
final class StrayLines {
  static final String NOT_MCP = "stdout, not MCP: ";
  static final String UNASKED = "stdout, answers no request: ";
  static final String UNFINISHED = "stdout, unfinished: ";
  static final String UNUSABLE = "stdout: ";

  private static final int MAX_LINES = 10;
  private static final int MAX_CHARS = 500;

  private final Deque<String> lines = new ArrayDeque<>();

  /** Keeps a line, in place of the oldest where there are too many. */
  synchronized void add(String what, String line) {
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.addLast(shown(what, line));
  }

  synchronized List<String> lines() {
    return new ArrayList<>(lines);
  }

  static String shown(String what, String line) {
    return what + Failures.cut(line.strip(), MAX_CHARS);
  }

  /** A line, of which no more is made a text than is looked at: both its ends. */
  static String text(byte[] line) {
    int half = BoundedLines.EXCERPT_BYTES;
    return line.length <= 2 * half
        ? new String(line, StandardCharsets.UTF_8)
        : new String(line, 0, half, StandardCharsets.UTF_8)
            + new String(line, line.length - half, half, StandardCharsets.UTF_8);
  }
}
