package dev.workflow.yaml;

import dev.workflow.definition.Place;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A text with the offsets of its lines. Offsets count UTF-16 units from 0. A text that was repaired
 * gives places in the text as it was written.
 */
final class SourceText {

  private static final int REST_CHARS_MAX = 2_000;
  private final String file;
  private final String text;
  private final int[] lines;

  /** The offset of each code point; empty where each is one UTF-16 unit. */
  private final int[] codePoints;

  /** The newest line that was asked for: many places share one long line. */
  private int cachedLine = -1;

  private String cachedText = "";

  /** The text before a repair; absent: this is the text as it was written. */
  private final @Nullable SourceText before;

  /** For each character of the repaired text, and for its end, the offset before the repair. */
  private final int[] offsetsBefore;

  SourceText(String file, String text) {
    this(file, text, null, new int[0]);
  }

  private SourceText(String file, String text, @Nullable SourceText before, int[] offsetsBefore) {
    this.file = file;
    this.text = text;
    this.lines = lineStarts(text);
    this.codePoints = codePoints(text);
    this.before = before;
    this.offsetsBefore = offsetsBefore;
  }

  /** This text with a mistake repaired, in which all lines keep their numbers. */
  SourceText repaired(Trap.Fix fix) {
    StringBuilder repaired = new StringBuilder(text.length() + 16);
    int[] offsets = new int[text.length() + 16];
    for (int i = 0; i <= text.length(); i++) {
      String instead = instead(fix, i);
      if (repaired.length() + instead.length() >= offsets.length) {
        offsets = Arrays.copyOf(offsets, offsets.length * 2);
      }
      Arrays.fill(offsets, repaired.length(), repaired.length() + instead.length(), i);
      repaired.append(instead);
    }
    offsets[repaired.length()] = text.length();
    return new SourceText(
        file, repaired.toString(), this, Arrays.copyOf(offsets, repaired.length() + 1));
  }

  private String instead(Trap.Fix fix, int i) {
    String own = i < text.length() ? text.substring(i, i + 1) : "";
    return switch (fix) {
      case Trap.Fix.Quote quote -> {
        String inside = i >= quote.from() && i < quote.to() && own.equals("'") ? "''" : own;
        yield (i == quote.from() || i == quote.to() ? "'" : "") + inside;
      }
      case Trap.Fix.Indent indent -> indent.instead(i, own);
    };
  }

  String file() {
    return file;
  }

  String text() {
    return text;
  }

  int length() {
    return text.length();
  }

  /** The character at an offset; behind the end a line feed. */
  char at(int offset) {
    return offset >= 0 && offset < text.length() ? text.charAt(offset) : '\n';
  }

  /** The offset of a code point of the text. */
  int offset(int codePoint) {
    int bounded = Math.max(0, codePoint);
    if (codePoints.length == 0) {
      return Math.min(bounded, text.length());
    }
    return bounded < codePoints.length ? codePoints[bounded] : text.length();
  }

  private static int[] codePoints(String text) {
    if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
      return new int[0];
    }
    int[] offsets = new int[text.codePointCount(0, text.length())];
    for (int i = 0, offset = 0; i < offsets.length; i++) {
      offsets[i] = offset;
      offset += Character.charCount(text.codePointAt(offset));
    }
    return offsets;
  }

  /** The number of the line of an offset, from 0. */
  int line(int offset) {
    int found = Arrays.binarySearch(lines, offset);
    return found >= 0 ? found : -found - 2;
  }

  /** Where a line begins; lines count from 0. */
  int start(int line) {
    return lines[line];
  }

  int lineCount() {
    return lines.length;
  }

  /** A line without its break. */
  String lineText(int line) {
    if (line != cachedLine) {
      cachedText = text.substring(lines[line], endOfLine(line));
      cachedLine = line;
    }
    return cachedText;
  }

  private int endOfLine(int line) {
    int end = line + 1 < lines.length ? lines[line + 1] : text.length();
    while (end > lines[line] && isBreak(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  /** From an offset to the end of its line, or as much of it as a message needs. */
  String restOfLine(int offset) {
    int from = Math.min(Math.max(0, offset), text.length());
    int end = Math.max(from, endOfLine(line(from)));
    return text.substring(from, Math.min(end, from + REST_CHARS_MAX));
  }

  Place place(int offset) {
    int bounded = Math.min(Math.max(0, offset), text.length());
    if (before != null) {
      return before.place(offsetsBefore[bounded]);
    }
    int line = line(bounded);
    return new Place(file, line + 1, bounded - lines[line] + 1, lineText(line));
  }

  static boolean isBreak(char c) {
    return c == '\n' || c == '\r';
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean ends =
          c == '\n' || (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n'));
      if (ends) {
        starts = count == starts.length ? Arrays.copyOf(starts, count * 2) : starts;
        starts[count++] = i + 1;
      }
    }
    return Arrays.copyOf(starts, count);
  }
}
