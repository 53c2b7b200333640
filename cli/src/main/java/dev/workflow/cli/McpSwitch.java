package dev.workflow.cli;

import tools.jackson.databind.node.ObjectNode;

/** Switches an entry on and off, in the words that stand in it. */
final class McpSwitch {
  private static final String ENABLED = "enabled";

  /** As other clients write it. */
  private static final String DISABLED = "disabled";

  private McpSwitch() {}

  static void off(ObjectNode entry) {
    if (entry.has(DISABLED)) {
      entry.put(DISABLED, true);
    } else {
      entry.put(ENABLED, false);
    }
  }

  static void on(ObjectNode entry) {
    if (entry.path(DISABLED).asBoolean(false)) {
      entry.put(DISABLED, false);
    }
    if (!entry.path(ENABLED).asBoolean(true)) {
      entry.put(ENABLED, true);
    }
  }
}
