package dev.workflow.definition;

/**
 * A place in a file that people can jump to.
 *
 * @param line counted from 1; 0: the file as a whole
 * @param column counted from 1, in UTF-16 units; 0: the line as a whole
 * @param text the line itself; empty where there is none
 */
public record Place(String file, int line, int column, String text) {

  /** A file as a whole. */
  public static Place file(String file) {
    return new Place(file, 0, 0, "");
  }
}
