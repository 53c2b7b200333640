package dev.workflow.definition;

import java.util.Locale;

/** What a tool means for the flow of information. */
public enum Label {
  /** What it gives may have been written by an outsider. */
  UNTRUSTED,
  /** What it gives is not for outsiders. */
  PRIVATE,
  /** What it is given, or a part of it, may come to an outsider. */
  EXTERNAL;

  /** The word of the YAML, such as {@code private}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The label of a word.
   *
   * @throws IllegalArgumentException when the word is none of the three
   */
  public static Label of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
