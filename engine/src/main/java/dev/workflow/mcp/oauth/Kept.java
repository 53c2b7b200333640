package dev.workflow.mcp.oauth;

import java.net.URI;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a server.
 *
 * @param login absent: nobody is logged in
 * @param wanted what it said when it refused last, since the last login; absent: it did not
 */
record Kept(@Nullable Login login, @Nullable Challenge wanted) {
  static final Kept NOTHING = new Kept(null, null);

  /**
   * Somebody who is logged in. Holds secrets: never print it.
   *
   * @param id drawn at the login, the same for all tokens that follow from it
   * @param resource what the tokens are for
   * @param over why the login is worth nothing any more; absent: it is not
   */
  record Login(
      String id,
      Instant since,
      String issuer,
      URI resource,
      URI tokenEndpoint,
      @Nullable URI revocation,
      Identity client,
      Tokens tokens,
      @Nullable String over) {

    Login with(Tokens fresh) {
      return new Login(id, since, issuer, resource, tokenEndpoint, revocation, client, fresh, null);
    }

    Login ended(String why) {
      return new Login(id, since, issuer, resource, tokenEndpoint, revocation, client, tokens, why);
    }

    @Override
    public String toString() {
      return "Login[" + issuer + ", " + resource + "]";
    }
  }
}
