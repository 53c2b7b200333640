package dev.workflow.yaml;

import static dev.workflow.engine.Pointers.escape;

import java.util.ArrayList;
import java.util.List;

/** JSON pointers (RFC 6901) as texts. */
final class Pointers {

  private Pointers() {}

  static String child(String pointer, String token) {
    return pointer + "/" + escape(token);
  }

  static String child(String pointer, int index) {
    return pointer + "/" + index;
  }

  /** The pointer of the parent; of the root: the root. */
  static String parent(String pointer) {
    return pointer.isEmpty() ? "" : pointer.substring(0, pointer.lastIndexOf('/'));
  }

  /** The last token, unescaped; of the root: empty. */
  static String last(String pointer) {
    return pointer.isEmpty() ? "" : unescape(pointer.substring(pointer.lastIndexOf('/') + 1));
  }

  static List<String> tokens(String pointer) {
    List<String> tokens = new ArrayList<>();
    if (pointer.isEmpty()) {
      return tokens;
    }
    for (String token : pointer.substring(1).split("/", -1)) {
      tokens.add(unescape(token));
    }
    return tokens;
  }

  /** As people write paths: {@code steps.plan.needs[0]}. */
  static String dotted(String pointer) {
    StringBuilder out = new StringBuilder();
    for (String token : tokens(pointer)) {
      if (!token.isEmpty() && token.chars().allMatch(c -> c >= '0' && c <= '9')) {
        out.append('[').append(token).append(']');
      } else {
        out.append(out.isEmpty() ? "" : ".").append(token);
      }
    }
    return out.toString();
  }

  private static String unescape(String token) {
    return token.replace("~1", "/").replace("~0", "~");
  }
}
