package dev.workflow.run;

import dev.workflow.run.StepPath.Segment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the text of a {@link StepPath}. */
final class PathText {
  private final String text;
  private int at;

  PathText(String text) {
    this.text = text;
  }

  List<Segment> segments() {
    List<Segment> segments = new ArrayList<>();
    do {
      segments.add(segment());
    } while (skip('/') || attached() != null);
    if (at < text.length()) {
      throw wrong("the end or '/'");
    }
    return segments;
  }

  private Segment segment() {
    String id = id();
    String key = skip('[') ? key() : null;
    return new Segment(id, key, revision(key));
  }

  private String id() {
    int start = at;
    String attached = attached();
    if (attached != null) {
      at += attached.length();
      return attached;
    }
    while (at < text.length() && isIdPart(text.charAt(at))) {
      at++;
    }
    if (at == start) {
      throw wrong("a step id");
    }
    return text.substring(start, at);
  }

  /** What is attached to the segment before, if it stands here. */
  private @Nullable String attached() {
    return at == 0
        ? null
        : StepPath.ATTACHED.stream().filter(id -> text.startsWith(id, at)).findFirst().orElse(null);
  }

  private String key() {
    StringBuilder key = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == ']') {
        return key.toString();
      }
      key.append(c == '\\' && at < text.length() ? text.charAt(at++) : c);
    }
    throw wrong("']'");
  }

  private int revision(@Nullable String key) {
    if (!skip('~')) {
      return 0;
    }
    int start = at;
    while (at < text.length() && Character.isDigit(text.charAt(at)) && at - start < 9) {
      at++;
    }
    if (at == start) {
      throw wrong(key == null ? "a revision number" : "a revision number after '~'");
    }
    return Integer.parseInt(text.substring(start, at));
  }

  private static boolean isIdPart(char c) {
    return c == '_' || c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private boolean skip(char c) {
    boolean found = at < text.length() && text.charAt(at) == c;
    if (found) {
      at++;
    }
    return found;
  }

  private IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException(
        "Step path \"" + text + "\": expected " + expected + " at character " + (at + 1));
  }
}
