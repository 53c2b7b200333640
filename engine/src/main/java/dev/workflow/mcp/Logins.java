package dev.workflow.mcp;

import dev.workflow.mcp.oauth.Access;
import dev.workflow.mcp.oauth.LoginRequest;
import dev.workflow.mcp.oauth.OAuth;
import dev.workflow.mcp.oauth.OAuthException;
import dev.workflow.mcp.oauth.Resource;
import dev.workflow.mcp.oauth.Standing;
import dev.workflow.mcp.remote.AddressRules;
import dev.workflow.mcp.remote.Proxies;
import dev.workflow.mcp.remote.Web;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The logins at remote servers, by the entries of those. Nothing is read before it is asked for.
 */
public final class Logins {
  private final OAuth oauth;
  private final Map<String, String> environment;

  Logins(Path home, Map<String, String> environment) {
    this.oauth = new OAuth(home, InstantSource.system());
    this.environment = environment;
  }

  /** Whether somebody could log in at a server at all: it is remote, and brings nothing itself. */
  public static boolean isPossible(ServerEntry entry) {
    return entry.target() instanceof ServerEntry.Target.Url && ownCredentials(entry).isEmpty();
  }

  /** What an entry itself says of who asks, in words; empty: nothing. */
  public static Optional<String> ownCredentials(ServerEntry entry) {
    return entry.target() instanceof ServerEntry.Target.Url url
        ? Launch.ownCredentials(url.headers(), Secrets.namesUser(url.url()))
        : Optional.empty();
  }

  /** Whether nobody has to: the client that the entry names acts for itself. */
  public static boolean isOfMachine(ServerEntry entry) {
    return entry.target() instanceof ServerEntry.Target.Url url && url.oauth().machine();
  }

  /** Whether somebody is logged in, as far as is known here; asks nobody. */
  public Standing standing(ServerEntry entry) {
    return isPossible(entry) && Startable.mistakes(entry, environment).isEmpty()
        ? oauth.standing(resource(entry, Startable.of(entry, environment).launch()))
        : new Standing.Unknown();
  }

  /**
   * Logs in, and keeps the login.
   *
   * @throws OAuthException where that fails
   */
  public void login(ServerEntry entry, LoginRequest request) {
    oauth.login(resource(entry, Startable.of(entry, environment).launch()), request);
  }

  /**
   * Forgets a login; of the entry only what tells logins apart need be sound.
   *
   * @throws OAuthException where that fails
   */
  public OAuth.LoggedOut logout(ServerEntry entry) {
    return oauth.logout(resource(entry, Startable.address(entry, environment)));
  }

  private Resource resource(ServerEntry entry, Launch launch) {
    if (launch instanceof Launch.Http http) {
      return resource(entry.alias(), http);
    }
    throw new IllegalArgumentException("server '" + entry.alias() + "' has no address");
  }

  private Resource resource(String server, Launch.Http http) {
    return new Resource(
        server,
        http.url(),
        http.dialect() != HttpDialect.STREAMABLE,
        http.client(),
        () ->
            new Web(
                AddressRules.of(http.url(), http.own(), http.privateAllowed()),
                new Proxies(http.proxies())));
  }

  Access access(String server, Launch.Http http) {
    return http.ownCredentials().isPresent() ? Access.NONE : oauth.access(resource(server, http));
  }

  /** Tells who is logged in apart from others; empty: nobody. */
  Optional<String> principal(String server, Launch.Http http) {
    return http.ownCredentials().isPresent()
        ? Optional.empty()
        : oauth.principal(resource(server, http));
  }

  Set<String> secrets() {
    return oauth.secrets();
  }
}
