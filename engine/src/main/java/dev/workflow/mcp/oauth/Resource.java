package dev.workflow.mcp.oauth;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A remote server, and the client that we are to it.
 *
 * @param name as people call it, for messages
 * @param url of its entry, variables expanded
 * @param wholeOrigin whether it names further addresses of its own origin, as servers of the older
 *     transport do
 * @param network that leads from there to wherever the server sends us
 */
public record Resource(
    String name, URI url, boolean wholeOrigin, ClientSettings client, Network network) {

  /** Tells logins apart: another address, or another client, is another login. */
  String key() {
    String text = Address.origin(url) + Address.path(url) + query() + "\n" + client.key();
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private String query() {
    return url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
  }

  /** What the server is called where it says nothing itself (RFC 8707 section 2). */
  URI identifier() {
    return URI.create(Address.origin(url) + Address.path(url));
  }

  @Override
  public String toString() {
    return "Resource[" + name + "]";
  }
}
