package dev.workflow.mcp;

import java.time.Duration;

/**
 * The bounds of this rim.
 *
 * @param startupTimeout from the start of a server until it has answered the greeting
 * @param callTimeout of a call whose step and server say nothing
 * @param idleTimeout after its last call a shared client is closed
 * @param maxCallsPerServer calls under way at one server; further ones wait their turn
 * @param maxMessageBytes of one message in either direction
 */
public record McpSettings(
    Duration startupTimeout,
    Duration callTimeout,
    Duration idleTimeout,
    int maxCallsPerServer,
    int maxMessageBytes) {

  /** 20 s, 60 s, 5 min, 16 calls, 16 MiB. */
  public static final McpSettings DEFAULT =
      new McpSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          16,
          16 * 1024 * 1024);
}
