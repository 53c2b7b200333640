package dev.workflow.yaml;

import java.util.HashMap;
import java.util.Map;

/** Guesses which indentation tabs were meant as, so that the rest of a file can be read. */
final class Tabs {

  private Tabs() {}

  /**
   * For each character of an indentation with tabs, how many spaces to put in its place: as many as
   * before for an indentation that was seen, two more than the line above for a new one.
   */
  static Map<Integer, Integer> spaces(SourceText text) {
    Map<Integer, Integer> instead = new HashMap<>();
    Map<String, Integer> widths = new HashMap<>();
    int above = 0;
    for (int line = 0; line < text.lineCount(); line++) {
      String whole = text.lineText(line);
      String indent = whole.substring(0, whole.length() - whole.stripLeading().length());
      if (indent.length() == whole.length()) {
        continue;
      }
      int deeper = above + 2;
      above =
          indent.indexOf('\t') < 0 ? indent.length() : widths.computeIfAbsent(indent, i -> deeper);
      if (indent.indexOf('\t') >= 0) {
        for (int i = 0; i < indent.length(); i++) {
          instead.put(text.start(line) + i, i == 0 ? above : 0);
        }
      }
    }
    return instead;
  }
}
