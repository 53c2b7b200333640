package dev.workflow.schema;

import static dev.workflow.engine.Pointers.escape;

import com.networknt.schema.path.NodePath;

/** JSON pointers as text. */
final class Pointers {
  private Pointers() {}

  static String child(String pointer, String name) {
    return pointer + "/" + escape(name);
  }

  static String of(NodePath path) {
    return prefix(path, path.getNameCount());
  }

  /** The pointer of the first {@code count} names. */
  static String prefix(NodePath path, int count) {
    String pointer = "";
    for (int i = 0; i < Math.min(count, path.getNameCount()); i++) {
      pointer = child(pointer, String.valueOf(path.getElement(i)));
    }
    return pointer;
  }
}
