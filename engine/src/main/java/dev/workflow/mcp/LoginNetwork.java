package dev.workflow.mcp;

import dev.workflow.mcp.oauth.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The way to the authorization server that a remote server names: a server of the internet leads
 * nobody into a private network or to this machine, one that is there itself may.
 */
final class LoginNetwork implements Network {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final URI server;
  private final Supplier<HttpClient> client;

  LoginNetwork(URI server, Supplier<HttpClient> client) {
    this.server = server;
    this.client = client;
  }

  static HttpClient newClient() {
    return HttpClient.newBuilder()
        .connectTimeout(CONNECT_TIMEOUT)
        .followRedirects(HttpClient.Redirect.NEVER)
        .build();
  }

  @Override
  public HttpClient to(URI address) throws IOException {
    if (isPrivate(address) && !isPrivate(server)) {
      throw new IOException(
          address.getHost()
              + " is in a private network, where a server of the internet sends nobody");
    }
    return client.get();
  }

  private static boolean isPrivate(URI address) throws IOException {
    try {
      for (InetAddress each : InetAddress.getAllByName(String.valueOf(address.getHost()))) {
        if (each.isLoopbackAddress()
            || each.isSiteLocalAddress()
            || each.isLinkLocalAddress()
            || each.isAnyLocalAddress()
            || each.isMulticastAddress()) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException e) {
      throw new IOException("the host " + address.getHost() + " is unknown", e);
    }
  }
}
