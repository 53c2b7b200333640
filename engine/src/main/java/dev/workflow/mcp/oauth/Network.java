package dev.workflow.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;

/** Who carries the requests of this package. All of them pass here, each hop of a redirect too. */
public interface Network {
  /**
   * The client for an address that a server has named. It must not follow redirects.
   *
   * @throws IOException where nobody must be sent to that address; its message says why
   */
  HttpClient to(URI address) throws IOException;
}
