package dev.workflow.check.flow;

import dev.workflow.definition.Label;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The labels of a tool.
 *
 * @param reasons why it has each of them, for people
 */
record ToolLabels(Map<Label, String> reasons) {
  static final ToolLabels NONE = new ToolLabels(Map.of());

  ToolLabels {
    Map<Label, String> ordered = new EnumMap<>(Label.class);
    ordered.putAll(reasons);
    reasons = Collections.unmodifiableMap(ordered);
  }

  /** All three, for one reason. */
  static ToolLabels worst(String reason) {
    Map<Label, String> reasons = new EnumMap<>(Label.class);
    for (Label label : Label.values()) {
      reasons.put(label, reason);
    }
    return new ToolLabels(reasons);
  }

  boolean has(Label label) {
    return reasons.containsKey(label);
  }

  String reason(Label label) {
    return reasons.getOrDefault(label, "");
  }
}
