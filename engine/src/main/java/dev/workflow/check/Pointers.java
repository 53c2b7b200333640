package dev.workflow.check;

/** JSON pointers as text. */
final class Pointers {
  private Pointers() {}

  /** The pointer of a named value inside another. */
  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
