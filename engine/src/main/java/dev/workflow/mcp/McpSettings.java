package dev.workflow.mcp;

import java.time.Duration;

/**
 * The bounds of this rim.
 *
 * @param startupTimeout from the start of a server until it has answered the greeting
 * @param callTimeout of a call whose step and server say nothing
 * @param idleTimeout after its last call a shared client is closed
 * @param firstBackoff after a failure to come up, until the server is tried again at the earliest;
 *     doubles with each failure in a row
 * @param longestBackoff how far that grows
 * @param pingAfter how long a connection is silent before the server is asked whether it is there
 * @param pingTimeout for its answer
 * @param maxCallsPerServer calls under way at one server; further ones wait their turn
 * @param maxMessageBytes of one message in either direction
 */
public record McpSettings(
    Duration startupTimeout,
    Duration callTimeout,
    Duration idleTimeout,
    Duration firstBackoff,
    Duration longestBackoff,
    Duration pingAfter,
    Duration pingTimeout,
    int maxCallsPerServer,
    int maxMessageBytes) {

  /**
   * 20 s, 60 s, 5 min; 250 ms to 30 s; 30 s, 10 s; 256 calls, which only a server that is flooded
   * ever sees, as a run's own {@code concurrency} bounds its calls; 16 MiB.
   */
  public static final McpSettings DEFAULT =
      new McpSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          Duration.ofMillis(250),
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          256,
          16 * 1024 * 1024);
}
