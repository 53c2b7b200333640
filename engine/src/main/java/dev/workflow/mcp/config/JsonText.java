package dev.workflow.mcp.config;

import dev.workflow.mcp.ServerJson;
import dev.workflow.mcp.config.JsonShape.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The text of a JSON file, changed at the place of one value: everything else keeps every byte, its
 * order, its indentation and its comments.
 */
record JsonText(String text) {
  /** The value at a path of keys; absent: there is none. */
  @Nullable JsonNode get(List<String> path) {
    JsonShape shape = shape();
    for (String key : path) {
      Member member = shape.members().get(key);
      if (member == null) {
        return null;
      }
      shape = member.shape();
    }
    return shape.value();
  }

  /**
   * The text with another value at a path of keys; objects on the way are made where they are
   * missing. Of an object that is there, only the members that differ are touched.
   */
  JsonText with(List<String> path, JsonNode value) {
    JsonNode before = get(path);
    if (value.equals(before)) {
      return this;
    }
    if (before == null || !before.isObject() || !value.isObject() || value.isEmpty()) {
      return put(path, value);
    }
    JsonText changed = this;
    for (String key : before.propertyNames()) {
      changed = value.has(key) ? changed : changed.without(below(path, key));
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      changed = changed.with(below(path, member.getKey()), member.getValue());
    }
    return changed;
  }

  private static List<String> below(List<String> path, String key) {
    List<String> longer = new ArrayList<>(path);
    longer.add(key);
    return longer;
  }

  private JsonText put(List<String> path, JsonNode value) {
    JsonShape shape = shape();
    for (int i = 0; i < path.size(); i++) {
      Member member = shape.members().get(path.get(i));
      if (member == null) {
        return insert(shape, path.get(i), nested(path.subList(i + 1, path.size()), value));
      }
      shape = member.shape();
    }
    return replace(shape.start(), shape.end(), rendered(value, shape.start(), false));
  }

  private static JsonNode nested(List<String> path, JsonNode value) {
    JsonNode nested = value;
    for (String key : path.reversed()) {
      ObjectNode around = JsonNodeFactory.instance.objectNode();
      around.set(key, nested);
      nested = around;
    }
    return nested;
  }

  private JsonText insert(JsonShape object, String key, JsonNode value) {
    if (!object.isObject()) {
      throw new IllegalArgumentException("expected a map around '" + key + "'");
    }
    String name = JsonNodeFactory.instance.stringNode(key) + ": ";
    int brace = object.end() - 1;
    if (object.members().isEmpty()) {
      String inside = text.substring(object.start() + 1, brace).strip();
      String indent = indentation(object.start());
      String inner = newline() + indent + unit();
      String kept = inside.isEmpty() ? "" : inner + inside;
      return replace(
          object.start() + 1,
          brace,
          kept + inner + name + render(value, indent + unit(), false) + newline() + indent);
    }
    Member last = last(object);
    int comma = comma(last.shape().end(), brace);
    int end = brace;
    while (Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    boolean oneLine = lineBreak(object.start()) >= brace;
    String before = oneLine ? " " : newline() + indentation(last.start());
    String added =
        before + name + render(value, indentation(last.start()), oneLine) + (comma < 0 ? "" : ",");
    JsonText with = replace(end, end, comma < 0 && end == last.shape().end() ? "," + added : added);
    return comma < 0 && end != last.shape().end()
        ? with.replace(last.shape().end(), last.shape().end(), ",")
        : with;
  }

  /** The text without the member at a path of keys, and without the lines that it leaves empty. */
  JsonText without(List<String> path) {
    JsonShape object = shape();
    for (String key : path.subList(0, path.size() - 1)) {
      Member member = object.members().get(key);
      if (member == null) {
        return this;
      }
      object = member.shape();
    }
    Member member = object.members().get(path.getLast());
    return member == null ? this : cut(object, member);
  }

  private JsonText cut(JsonShape object, Member member) {
    int comma = comma(member.shape().end(), object.end() - 1);
    int from = member.start();
    int to = comma < 0 ? member.shape().end() : comma + 1;
    Member before = null;
    for (Member other : object.members().values()) {
      before = other.start() < member.start() ? other : before;
    }
    if (object.members().size() == 1) {
      boolean bare =
          text.substring(object.start() + 1, from).isBlank()
              && text.substring(to, object.end() - 1).isBlank();
      return bare
          ? replace(object.start() + 1, object.end() - 1, "")
          : replace(from, lineEnd(to), "");
    }
    int line = lineStart(from);
    boolean ownLine = text.substring(line, from).isBlank() && line > object.start();
    int start = ownLine ? line : from;
    int end = ownLine ? lineEnd(to) : comma < 0 ? to : blanksAfter(to);
    if (comma < 0 && before != null && !ownLine) {
      start = comma(before.shape().end(), from);
      return replace(start, end, "");
    }
    JsonText cut = replace(start, end, "");
    if (comma < 0 && before != null) {
      int needless = comma(before.shape().end(), from);
      return cut.replace(needless, needless + 1, "");
    }
    return cut;
  }

  private static Member last(JsonShape object) {
    return List.copyOf(object.members().values()).getLast();
  }

  private JsonShape shape() {
    int mark = ServerJson.mark(text);
    JsonShape shape = JsonShape.of(text.substring(mark));
    return mark == 0 ? shape : shifted(shape, mark);
  }

  private static JsonShape shifted(JsonShape shape, int by) {
    Map<String, Member> members = new LinkedHashMap<>();
    shape
        .members()
        .forEach(
            (key, member) ->
                members.put(key, new Member(member.start() + by, shifted(member.shape(), by))));
    return new JsonShape(shape.start() + by, shape.end() + by, shape.value(), members);
  }

  /** The comma between a value and {@code limit}; -1: there is none. */
  private int comma(int from, int limit) {
    int at = from;
    while (at < limit) {
      if (text.startsWith("//", at)) {
        at = lineBreak(at);
      } else if (text.startsWith("/*", at)) {
        at = text.indexOf("*/", at + 2) + 2;
      } else if (text.charAt(at) == ',') {
        return at;
      } else {
        at++;
      }
    }
    return -1;
  }

  /** The next end of a line, which also ends a comment; where there is none, that of the text. */
  private int lineBreak(int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
      at++;
    }
    return at;
  }

  private int lineStart(int at) {
    return text.lastIndexOf('\n', at - 1) + 1;
  }

  /**
   * Behind the line break, where nothing but blanks or a comment to the end of the line follows.
   */
  private int lineEnd(int at) {
    int end = text.indexOf('\n', at);
    String rest = end < 0 ? "" : text.substring(at, end).strip();
    return end >= 0 && (rest.isEmpty() || rest.startsWith("//")) ? end + 1 : at;
  }

  private int blanksAfter(int at) {
    int end = at;
    while (end < text.length() && text.charAt(end) == ' ') {
      end++;
    }
    return end;
  }

  private String indentation(int at) {
    int start = lineStart(at);
    int end = start;
    while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return text.substring(start, end);
  }

  /** One step of indentation, as the first members of the text have it. */
  private String unit() {
    JsonShape root = shape();
    for (Member member : root.members().values()) {
      String indent = indentation(member.start());
      if (!indent.isEmpty() && lineStart(member.start()) > root.start()) {
        return indent;
      }
    }
    return "  ";
  }

  private String newline() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  private JsonText replace(int start, int end, String by) {
    return new JsonText(text.substring(0, start) + by + text.substring(end));
  }

  private String rendered(JsonNode value, int at, boolean oneLine) {
    return render(value, indentation(at), oneLine);
  }

  private String render(JsonNode value, String indent, boolean oneLine) {
    boolean flat = value.valueStream().allMatch(JsonNode::isValueNode);
    if (value.isEmpty() || value.isValueNode()) {
      return value.toString();
    }
    boolean list = value.isArray();
    List<String> parts = new ArrayList<>();
    String inner = indent + unit();
    boolean inline = oneLine || (list && flat);
    if (list) {
      value.forEach(element -> parts.add(render(element, inner, inline)));
    } else {
      value
          .properties()
          .forEach(
              member ->
                  parts.add(
                      JsonNodeFactory.instance.stringNode(member.getKey())
                          + ": "
                          + render(member.getValue(), inner, inline)));
    }
    String open = list ? "[" : "{";
    String close = list ? "]" : "}";
    return inline
        ? open + String.join(", ", parts) + close
        : open
            + newline()
            + inner
            + String.join("," + newline() + inner, parts)
            + newline()
            + indent
            + close;
  }
}
