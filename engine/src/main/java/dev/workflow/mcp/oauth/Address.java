package dev.workflow.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.util.Locale;

/** Addresses that others have written. */
final class Address {
  private Address() {}

  /** An address as it is written. */
  static URI of(String text) throws IOException {
    try {
      return URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      throw new IOException("found no address", e);
    }
  }

  /**
   * The address of an endpoint: absolute, encrypted unless it stays on this machine, without user,
   * password and fragment.
   */
  static URI endpoint(String text) throws IOException {
    URI address = of(text);
    boolean sound =
        address.getHost() != null
            && address.getRawUserInfo() == null
            && address.getRawFragment() == null;
    if (!sound || !(isHttps(address) || isLoopback(address))) {
      throw new IOException("expected an https address, found " + Words.cut(text));
    }
    return address;
  }

  private static boolean isHttps(URI address) {
    return "https".equalsIgnoreCase(address.getScheme());
  }

  /** A server on this machine; the names are those that RFC 8252 and RFC 6761 keep for it. */
  static boolean isLoopback(URI address) {
    String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
    return "http".equalsIgnoreCase(address.getScheme())
        && (host.equals("localhost") || host.equals("127.0.0.1") || host.equals("[::1]"));
  }

  /** Scheme, host and port, as they compare. */
  static String origin(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    int usual = scheme.equals("https") ? 443 : 80;
    int port = address.getPort() < 0 ? usual : address.getPort();
    return scheme
        + "://"
        + String.valueOf(address.getHost()).toLowerCase(Locale.ROOT)
        + (port == usual ? "" : ":" + port);
  }

  /** The path without a slash at its end; empty: the root. */
  static String path(URI address) {
    String path = address.getRawPath() == null ? "" : address.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Whether an address is that one, or one below it. */
  static boolean isWithin(URI address, URI above) {
    String path = path(address.normalize());
    String prefix = path(above);
    return origin(address).equals(origin(above))
        && (path.equals(prefix) || path.startsWith(prefix + "/"));
  }

  /** An address without its query, which may hold a secret. */
  static String shown(URI address) {
    return Words.cut(origin(address) + path(address));
  }
}
