package dev.workflow.mcp;

import java.time.Duration;

/** The default bounds with one that differs. */
final class Bounds {
  private static final McpSettings NORMAL = McpSettings.DEFAULT;

  private Bounds() {}

  /** With this time of rest. */
  static McpSettings idle(Duration timeout) {
    return of(timeout, NORMAL.maxCallsPerServer());
  }

  /** With so many calls under way at a server. */
  static McpSettings calls(int most) {
    return of(NORMAL.idleTimeout(), most);
  }

  private static McpSettings of(Duration idle, int calls) {
    return new McpSettings(
        NORMAL.startupTimeout(),
        NORMAL.callTimeout(),
        idle,
        NORMAL.firstBackoff(),
        NORMAL.longestBackoff(),
        NORMAL.pingAfter(),
        NORMAL.pingTimeout(),
        calls,
        NORMAL.maxMessageBytes());
  }
}
