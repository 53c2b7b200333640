package dev.workflow.mcp.oauth;

import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the entry of a server says of the client that we are to its authorization server, variables
 * expanded. Holds secrets: never print it.
 *
 * @param id of a client that is registered already; absent: we say who we are by {@code metadata},
 *     or register
 * @param secret of that client; absent: it has none
 * @param scopes to ask for, whatever the server proposes; empty: what it proposes
 * @param callbackPort on which the browser comes back; 0: any that is free
 * @param metadata the address of a document that describes the client, which then is its id
 * @param issuerMetadata where the authorization server describes itself; absent: as the server says
 * @param machine whether the client acts for itself, by client credentials, and no person logs in
 * @param privateKey PKCS #8 in PEM, with which such a client proves who it is in the place of a
 *     secret
 */
public record ClientSettings(
    @Nullable String id,
    @Nullable String secret,
    List<String> scopes,
    int callbackPort,
    @Nullable URI metadata,
    @Nullable URI issuerMetadata,
    boolean machine,
    @Nullable String privateKey) {

  /** Of an entry that says nothing. */
  public static final ClientSettings NONE =
      new ClientSettings(null, null, List.of(), 0, null, null, false, null);

  public ClientSettings {
    scopes = List.copyOf(scopes);
  }

  /** Tells logins as different clients from each other. */
  public String key() {
    return (machine ? "machine " : "") + (id != null ? id : metadata != null ? metadata : "");
  }

  @Override
  public String toString() {
    return "ClientSettings[" + id + "]";
  }
}
