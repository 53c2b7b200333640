package dev.workflow.yaml;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a value of the tree stands in the text; the same shape as the tree.
 *
 * @param key its key; absent: the root or an element of a list
 * @param value the value itself
 * @param children by key, or by index of a list
 */
record Spot(@Nullable Span key, Span value, Map<String, Spot> children) {

  /** A key or value in the text, from {@code start} to before {@code end}. */
  record Span(int start, int end, Style style, String text) {}

  /** How a value is written. */
  enum Style {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    BLOCK_TEXT,
    /** No text at all, which YAML takes as null. */
    NOTHING,
    BLOCK,
    FLOW;

    boolean isText() {
      return this != NOTHING && this != BLOCK && this != FLOW;
    }
  }

  Spot keyed(@Nullable Span newKey) {
    return new Spot(newKey, value, children);
  }
}
