package dev.workflow.engine;

/** JSON pointers as text. */
public final class Pointers {
  private Pointers() {}

  /** A name as one part of a pointer. */
  public static String escape(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  /** The pointer of a named value inside another. */
  public static String child(String pointer, String name) {
    return pointer + "/" + escape(name);
  }

  /** Whether a pointer is the other one or below it. */
  public static boolean within(String pointer, String ancestor) {
    return pointer.startsWith(ancestor)
        && (pointer.length() == ancestor.length() || pointer.charAt(ancestor.length()) == '/');
  }
}
