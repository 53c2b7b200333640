package dev.workflow.mcp.oauth;

import dev.workflow.mcp.oauth.Kept.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * OAuth 2.1 as MCP's authorization of 2025-11-25 uses it: logs people and clients in at remote
 * servers, keeps their tokens, and renews them.
 */
public final class OAuth {
  private final TokenStore store;
  private final Spoken spoken = new Spoken();
  private final InstantSource clock;

  /**
   * The logins kept in a home.
   *
   * @param home {@code $WORKFLOW_HOME}
   */
  public OAuth(Path home, InstantSource clock) {
    this.store = new TokenStore(home);
    this.clock = clock;
  }

  private TokenEndpoint tokens(Resource resource) {
    return new TokenEndpoint(new Http(resource.network()), clock, spoken);
  }

  private LoginFlow flow(Resource resource) {
    Http http = new Http(resource.network());
    return new LoginFlow(
        new Discovery(http), new Registration(http, spoken), tokens(resource), spoken, clock);
  }

  /** How a server lets us in. */
  public Access access(Resource resource) {
    spoken.learn(resource.client().secret());
    spoken.learn(resource.client().privateKey());
    return new ServerAccess(resource, store, flow(resource), tokens(resource), spoken, clock);
  }

  /**
   * Logs in, and keeps what comes of it in the place of an earlier login. Waits for the person; a
   * client that acts for itself asks nobody.
   *
   * @throws OAuthException where that fails; an earlier login is then as it was
   */
  public void login(Resource resource, LoginRequest request) {
    spoken.learn(resource.client().secret());
    spoken.learn(resource.client().privateKey());
    Kept before = kept(resource);
    Challenge wanted = before.wanted() == null ? Challenge.NONE : before.wanted();
    Login earlier = before.login();
    List<String> granted =
        earlier == null || earlier.over() != null ? List.of() : earlier.tokens().scopes();
    Login login =
        resource.client().machine()
            ? flow(resource).machine(resource, wanted, granted)
            : flow(resource).person(resource, wanted, granted, request);
    store.alone(
        resource,
        () -> {
          store.write(resource, new Kept(login, null));
          return login;
        });
  }

  /** A file that cannot be read is replaced by the login. */
  private Kept kept(Resource resource) {
    try {
      Kept kept = store.read(resource);
      spoken.learn(kept);
      return kept;
    } catch (OAuthException unreadable) {
      return Kept.NOTHING;
    }
  }

  /** Whether somebody is logged in; asks nobody. */
  public Standing standing(Resource resource) {
    Kept kept = kept(resource);
    Login login = kept.login();
    if (login == null) {
      return kept.wanted() == null
          ? new Standing.Unknown()
          : new Standing.Wanted(kept.wanted().scopes());
    }
    boolean lasts = resource.client().machine() || login.tokens().refresh() != null;
    if (login.over() != null) {
      return new Standing.Over(login.issuer(), login.over());
    }
    if (!lasts && !login.tokens().isValid(clock.instant())) {
      return new Standing.Over(login.issuer(), "it has ended");
    }
    List<String> missing = new ArrayList<>();
    if (kept.wanted() != null) {
      missing.addAll(kept.wanted().scopes());
      missing.removeAll(login.tokens().scopes());
    }
    return new Standing.LoggedIn(
        login.issuer(),
        login.since(),
        login.tokens().scopes(),
        lasts ? null : login.tokens().expires(),
        kept.wanted() != null,
        missing);
  }

  /** Tells logins apart, whatever token they have now; empty: nobody is logged in. */
  public Optional<String> principal(Resource resource) {
    return Optional.ofNullable(kept(resource).login()).map(Login::id);
  }

  /**
   * What came of a logout.
   *
   * @param forgotten whether there was a login
   * @param problem why the authorization server may still take its tokens; empty: it does not, or
   *     it offers no way to say so
   */
  public record LoggedOut(boolean forgotten, boolean revoked, Optional<String> problem) {}

  /** Forgets a login, and gives its tokens back where the authorization server offers that. */
  public LoggedOut logout(Resource resource) {
    return store.alone(
        resource,
        () -> {
          Login login = kept(resource).login();
          boolean forgotten = store.delete(resource);
          if (login == null || login.over() != null || login.revocation() == null) {
            return new LoggedOut(forgotten, false, Optional.empty());
          }
          try {
            tokens(resource)
                .revoke(ServerAccess.asked(resource, login, login.revocation()), login.tokens());
            return new LoggedOut(true, true, Optional.empty());
          } catch (IOException | OAuthException e) {
            return new LoggedOut(true, false, Optional.of(String.valueOf(e.getMessage())));
          }
        });
  }

  /** All secrets that this process has seen here: no output may hold one. */
  public Set<String> secrets() {
    return spoken.all();
  }
}
