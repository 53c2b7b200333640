package dev.workflow.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where in a text something hidden stands, or a part of it that the end of the text cut off. */
final class Traces {

  /** What says that a text goes on, but not here. */
  private static final Pattern CUT = Pattern.compile("( ?\\[(?:\\.\\.\\.|\\d+ more bytes)]|…)");

  /** A part that is as long gives something away, however long the whole is. */
  private static final int TELLING = 10;

  /** A shorter part gives nothing away. */
  private static final int SHORTEST = 6;

  private Traces() {}

  /** From a character to before another one. */
  record Range(int from, int to) {}

  /** All that is found. */
  static List<Range> of(String text, List<String> hidden) {
    List<Range> found = new ArrayList<>();
    List<Integer> ends = ends(text);
    for (String way : hidden) {
      for (int at = text.indexOf(way); at >= 0; at = text.indexOf(way, at + way.length())) {
        found.add(new Range(at, at + way.length()));
      }
      int least = telling(way.length());
      begun(text, way, least, found);
      for (int end : ends) {
        cutOff(text, end, way, least, found);
      }
    }
    return found;
  }

  /** At least half of what is short, but never a syllable of ordinary text. */
  private static int telling(int length) {
    return length < 2 * TELLING
        ? Math.max(SHORTEST, (length + 1) / 2)
        : Math.max(TELLING, length / 3);
  }

  private static List<Integer> ends(String text) {
    List<Integer> ends = new ArrayList<>();
    ends.add(text.length());
    if (text.indexOf('[') >= 0 || text.indexOf('…') >= 0) {
      Matcher cut = CUT.matcher(text);
      while (cut.find()) {
        ends.add(cut.start());
      }
    }
    return ends;
  }

  private static void begun(String text, String way, int least, List<Range> found) {
    for (int length = Math.min(way.length() - 1, text.length()); length >= least; length--) {
      if (text.regionMatches(0, way, way.length() - length, length)) {
        found.add(new Range(0, length));
        return;
      }
    }
  }

  private static void cutOff(String text, int end, String way, int least, List<Range> found) {
    for (int length = Math.min(way.length() - 1, end); length >= least; length--) {
      if (text.regionMatches(end - length, way, 0, length)) {
        found.add(new Range(end - length, end));
        return;
      }
    }
  }

  /** In order, without overlaps. */
  static List<Range> merged(List<Range> found) {
    found.sort(Comparator.comparingInt(Range::from));
    List<Range> merged = new ArrayList<>();
    for (Range range : found) {
      Range last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && range.from() < last.to()) {
        merged.set(merged.size() - 1, new Range(last.from(), Math.max(last.to(), range.to())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
