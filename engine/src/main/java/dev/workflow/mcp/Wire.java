package dev.workflow.mcp;

import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.ProtocolVersions;
import java.time.Duration;
import java.util.List;

/** A transport that knows the fate of each request it carries. */
interface Wire extends McpClientTransport {
  /** The protocol versions this client speaks, oldest first. */
  List<String> VERSIONS =
      List.of(
          ProtocolVersions.MCP_2024_11_05,
          ProtocolVersions.MCP_2025_03_26,
          ProtocolVersions.MCP_2025_06_18,
          ProtocolVersions.MCP_2025_11_25);

  /** Whether requests can still be sent. */
  boolean isOpen();

  /** For how long the server asked to be left alone; zero: it takes requests. */
  default Duration resting() {
    return Duration.ZERO;
  }

  /** Runs once when the other side is gone or the wire is closed; at once if it is already. */
  void whenClosed(Runnable action);

  /**
   * Forgets a request that nobody waits for any more, and tells the server so if it knows of it.
   *
   * @param reason for the server's log
   */
  void abandon(Ticket ticket, String reason);

  /**
   * Ends the wire, as the other side is of no use any more: requests under way are lost.
   *
   * @param why what the other side did, such as {@code answered no ping within 10 s}
   */
  void giveUp(String why);

  /** What helps to understand a failure: how the server ended, its last error lines, its junk. */
  List<String> diagnosis();

  @Override
  default List<String> protocolVersions() {
    return VERSIONS;
  }
}
