package dev.workflow.mcp.oauth;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * How a person is to be logged in.
 *
 * @param scopes to ask for; empty: what the entry says, else what the server proposes
 * @param patience until the browser must have come back
 * @param invitation told the address that the person has to visit
 */
public record LoginRequest(
    List<String> scopes, Duration patience, Consumer<Invitation> invitation) {

  public LoginRequest {
    scopes = List.copyOf(scopes);
  }

  /**
   * Where a person logs in.
   *
   * @param address for the browser
   * @param issuer of the authorization server that it belongs to
   * @param scopes that are asked for; empty: the server decides
   */
  public record Invitation(URI address, String issuer, List<String> scopes) {}
}
