package dev.workflow.mcp.remote;

import java.net.UnknownHostException;

/**
 * What the rules do not allow: an address, a redirect. Nothing was sent there. It is an unknown
 * host because that is what a resolver of names may throw.
 */
public final class Refused extends UnknownHostException {
  private static final long serialVersionUID = 1L;

  public Refused(String message) {
    super(message);
  }
}
