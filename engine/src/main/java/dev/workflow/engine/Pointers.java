package dev.workflow.engine;

/** JSON pointers as text. */
final class Pointers {
  private Pointers() {}

  /** A name as one part of a pointer. */
  static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
