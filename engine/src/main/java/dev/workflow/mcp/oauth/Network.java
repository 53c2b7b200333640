package dev.workflow.mcp.oauth;

import dev.workflow.mcp.remote.Web;

/** The way from a server to wherever it sends us, by the rules of its entry. */
public interface Network {
  /** A way of its own for a few requests; whoever opens it closes it. */
  Web open();
}
