package dev.workflow.expression;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Texts taken apart and put together. */
final class Splitting {
  private Splitting() {}

  static JsonNode join(JsonNode[] args, Frame frame) {
    String separator = args.length > 1 ? Args.text(args[1]) : "";
    StringBuilder out = new StringBuilder();
    String before = "";
    for (JsonNode element : Args.list(args[0])) {
      String text = Args.text(element);
      frame.budget().make((long) text.length() + separator.length());
      out.append(before).append(text);
      before = separator;
    }
    return Args.of(out.toString());
  }

  static JsonNode split(JsonNode[] args, Frame frame) {
    String text = Args.text(args[0]);
    String separator = Args.text(args[1]);
    int limit = args.length > 2 ? Args.index(args[2]) : -1;
    ArrayNode parts = JsonNodeFactory.instance.arrayNode();
    if (limit == 0) {
      return parts;
    }
    frame.budget().make(text.length());
    int from = 0;
    while (limit < 0 || parts.size() < limit - 1) {
      int end = separator.isEmpty() ? next(text, from) : text.indexOf(separator, from);
      if (end < 0 || (separator.isEmpty() && end >= text.length())) {
        break;
      }
      frame.budget().make(1);
      parts.add(text.substring(from, end));
      from = end + separator.length();
    }
    if (!separator.isEmpty() || from < text.length()) {
      parts.add(text.substring(from));
    }
    return parts;
  }

  private static int next(String text, int from) {
    return from >= text.length() ? -1 : text.offsetByCodePoints(from, 1);
  }

  /** All, or at most as many as the last argument says, from the left. */
  static JsonNode replace(JsonNode[] args, Frame frame) {
    String text = Args.text(args[0]);
    String old = Args.text(args[1]);
    String fresh = Args.text(args[2]);
    int limit = args.length > 3 ? Args.index(args[3]) : -1;
    StringBuilder out = new StringBuilder();
    int from = 0;
    int done = 0;
    while (limit < 0 || done < limit) {
      int at = text.indexOf(old, from + (old.isEmpty() && done > 0 ? 1 : 0));
      if (at < 0 || at > text.length()) {
        break;
      }
      frame.budget().make((long) at - from + fresh.length());
      out.append(text, from, at).append(fresh);
      from = at + old.length();
      done++;
      if (old.isEmpty() && from >= text.length()) {
        break;
      }
    }
    return Args.of(out.append(text, from, text.length()).toString());
  }

  /** In double quotes, with the escapes that make it a literal again. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int known = "\u0007\b\f\n\r\t\u000B\\\"".indexOf(c);
      if (known < 0) {
        out.append(c);
      } else {
        out.append('\\').append("abfnrtv\\\"".charAt(known));
      }
    }
    return out.append('"').toString();
  }
}
