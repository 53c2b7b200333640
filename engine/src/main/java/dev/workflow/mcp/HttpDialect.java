package dev.workflow.mcp;

/** Which of the HTTP transports of MCP a server speaks. */
public enum HttpDialect {
  /** Streamable HTTP, and the older transport where the server refuses that. */
  ANY,
  /** Streamable HTTP. */
  STREAMABLE,
  /** The transport of 2024-11-05: one stream of events, and an address for messages. */
  SSE
}
