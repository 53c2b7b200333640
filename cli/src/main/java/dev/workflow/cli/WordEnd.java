package dev.workflow.cli;

import dev.workflow.definition.Place;

/** Where the word ends at which a place points. */
final class WordEnd {
  private static final String JOINTS = "_-./";

  private WordEnd() {}

  /** The column behind the word, counted from 1; 0: no word begins there. */
  static int of(Place place) {
    int start = place.column() - 1;
    int end = Math.max(0, start);
    while (end < place.text().length() && isOfWord(place.text().charAt(end))) {
      end++;
    }
    return start >= 0 && end > start ? end + 1 : 0;
  }

  private static boolean isOfWord(char c) {
    return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || JOINTS.indexOf(c) >= 0;
  }
}
