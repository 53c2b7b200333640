package dev.workflow.mcp.oauth;

import dev.workflow.engine.Masking;
import dev.workflow.mcp.oauth.Kept.Login;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The access to one server, by what is kept of it. A token is renewed by one of all threads and
 * processes, and the others take what that one got: most authorization servers end a login when a
 * refresh token comes twice.
 */
final class ServerAccess implements Access {
  private static final String SCHEME = "Bearer ";
  private static final int UNAUTHORIZED = 401;

  private final Resource resource;
  private final TokenStore store;
  private final LoginFlow flow;
  private final TokenEndpoint tokens;
  private final Spoken spoken;
  private final Masking masking;
  private final InstantSource clock;

  /** Read by every request: with a login that serves, none needs the file. */
  private volatile @Nullable Login current;

  /** The last request for a token that came to nothing: who waited for it does not try again. */
  private volatile @Nullable Failed failed;

  private record Failed(long at, OAuthException why) {}

  /** The last token that was renewed because another was refused. */
  private volatile @Nullable String replacement;

  ServerAccess(
      Resource resource,
      TokenStore store,
      LoginFlow flow,
      TokenEndpoint tokens,
      Spoken spoken,
      InstantSource clock) {
    this.resource = resource;
    this.store = store;
    this.flow = flow;
    this.tokens = tokens;
    this.spoken = spoken;
    this.masking = new Masking(spoken::all);
    this.clock = clock;
  }

  @Override
  public Optional<String> authorization(URI target) {
    Login login = current;
    if (login == null || !login.tokens().isFresh(clock.instant())) {
      login = usable(read().login());
      current = login;
    }
    return login == null || !covers(target, login)
        ? Optional.empty()
        : Optional.of(SCHEME + login.tokens().access());
  }

  /**
   * A token goes only where it was issued for: the server itself, and what is below its resource.
   */
  private boolean covers(URI target, Login login) {
    if (!Address.origin(target).equals(Address.origin(resource.url()))) {
      return false;
    }
    return resource.wholeOrigin()
        || Address.path(target).equals(Address.path(resource.url()))
        || Address.isWithin(target, login.resource());
  }

  private Kept read() {
    Kept kept = store.read(resource);
    spoken.learn(kept);
    Login ours = current;
    return ours != null && isLater(ours, kept.login()) ? new Kept(ours, kept.wanted()) : kept;
  }

  /** Whether tokens of the same login could not be written when they came. */
  private static boolean isLater(Login ours, @Nullable Login kept) {
    return kept != null
        && kept.over() == null
        && kept.id().equals(ours.id())
        && kept.tokens().issued().isBefore(ours.tokens().issued());
  }

  /** A login whose token can be sent, renewed where it is about to end. */
  private @Nullable Login usable(@Nullable Login login) {
    if (login == null) {
      return null;
    }
    if (login.over() != null) {
      throw LoginNeeded.at(resource, "wants a new login: " + login.over(), null);
    }
    Instant now = clock.instant();
    if (login.tokens().isFresh(now)) {
      return login;
    }
    if (resource.client().machine() || login.tokens().refresh() != null) {
      long since = System.nanoTime();
      return store.alone(resource, () -> renewed(since));
    }
    if (login.tokens().isValid(now)) {
      return login;
    }
    throw LoginNeeded.at(
        resource, "wants a new login: that of " + login.since() + " has ended", null);
  }

  /** Only while the lock is held: whoever had it before may have renewed the token already. */
  private @Nullable Login renewed(long since) {
    Kept kept = read();
    Login login = kept.login();
    if (login == null || login.over() != null || login.tokens().isFresh(clock.instant())) {
      return login != null && login.over() != null ? usable(login) : login;
    }
    boolean machine = resource.client().machine();
    Login fresh;
    try {
      fresh =
          machine
              ? ofMachine(Challenge.NONE, login.tokens().scopes(), since)
              : refreshed(login, "its token has ended", since);
    } catch (OAuthException e) {
      if (e.isLoginNeeded() || !login.tokens().isValid(clock.instant())) {
        throw e;
      }
      return login;
    }
    return keep(fresh, machine ? null : stillWanted(kept));
  }

  /** What the server refused for want of a scope: a renewed token allows no more than the old. */
  private static @Nullable Challenge stillWanted(Kept kept) {
    Challenge wanted = kept.wanted();
    return wanted != null && wanted.isOfScope() ? wanted : null;
  }

  /** What failed since somebody began to wait has failed for him, too. */
  private void failIfItFailed(long since) {
    Failed before = failed;
    if (before != null && before.at() - since > 0) {
      throw before.why();
    }
  }

  private Login ofMachine(Challenge challenge, List<String> granted, long since) {
    failIfItFailed(since);
    try {
      return flow.machine(resource, challenge, granted);
    } catch (OAuthException e) {
      failed = new Failed(System.nanoTime(), e);
      throw e;
    }
  }

  /**
   * The login with another token, not kept yet.
   *
   * @param why another one is wanted, for the message where there is none
   */
  private Login refreshed(Login login, String why, long since) {
    failIfItFailed(since);
    try {
      return login.with(tokens.byRefresh(asked(login), login.tokens()));
    } catch (TokenEndpoint.Refused e) {
      String over =
          masking.text(Words.cut(login.issuer()) + " does not renew it: " + e.getMessage());
      current = null;
      store.write(resource, new Kept(login.ended(over), null));
      throw LoginNeeded.at(resource, "wants a new login: " + over, null);
    } catch (IOException e) {
      OAuthException none =
          OAuthException.failed(
              "server '"
                  + resource.name()
                  + "': "
                  + why
                  + ", and "
                  + Words.cut(login.issuer())
                  + " gives no new one: "
                  + e.getMessage());
      failed = new Failed(System.nanoTime(), none);
      throw none;
    }
  }

  /** Serves from now on even where it cannot be written: what came before is used up. */
  private Login keep(Login login, @Nullable Challenge wanted) {
    spoken.learn(login.client().secret());
    current = login;
    store.write(resource, new Kept(login, wanted));
    return login;
  }

  private TokenEndpoint.Asked asked(Login login) {
    return asked(resource, login, login.tokenEndpoint());
  }

  /** A secret that the entry says is not kept, and is taken from there. */
  static TokenEndpoint.Asked asked(Resource resource, Login login, URI endpoint) {
    ClientSettings settings = resource.client();
    Identity client =
        login.client().id().equals(settings.id())
            ? new Identity(login.client().id(), settings.secret(), login.client().method())
            : login.client();
    return new TokenEndpoint.Asked(
        endpoint, login.issuer(), login.resource(), client, settings.privateKey());
  }

  @Override
  public boolean refused(int status, List<String> wwwAuthenticate, @Nullable String authorization) {
    return refused(status, wwwAuthenticate, authorization, false);
  }

  @Override
  public boolean refusedAgain(
      int status, List<String> wwwAuthenticate, @Nullable String authorization) {
    return !resource.client().machine() && refused(status, wwwAuthenticate, authorization, true);
  }

  private boolean refused(
      int status, List<String> wwwAuthenticate, @Nullable String authorization, boolean again) {
    Challenge challenge = Challenge.of(wwwAuthenticate).masked(masking);
    if (status != UNAUTHORIZED ? !challenge.isOfScope() : Challenge.isOfOthers(wwwAuthenticate)) {
      return false;
    }
    long since = System.nanoTime();
    return store.alone(resource, () -> another(status, challenge, authorization, again, since));
  }

  /** Whether there is another token than the one that was refused; only while the lock is held. */
  private boolean another(
      int status, Challenge challenge, @Nullable String sent, boolean again, long since) {
    Kept kept = read();
    Login login = kept.login();
    boolean active = login != null && login.over() == null;
    if (login != null
        && active
        && !(SCHEME + login.tokens().access()).equals(sent)
        && login.tokens().isValid(clock.instant())
        && (status == UNAUTHORIZED || allows(login, challenge))) {
      current = login;
      return true;
    }
    if (resource.client().machine()) {
      if (status != UNAUTHORIZED && login != null && allows(login, challenge)) {
        return false;
      }
      List<String> granted = login == null ? List.of() : login.tokens().scopes();
      keep(ofMachine(challenge, granted, since), null);
      return true;
    }
    if (login != null
        && active
        && status == UNAUTHORIZED
        && sent != null
        && !(again && sent.equals(SCHEME + replacement))
        && login.tokens().refresh() != null) {
      Login fresh = refreshed(login, "its token was refused", since);
      replacement = keep(fresh, stillWanted(kept)).tokens().access();
      return true;
    }
    current = null;
    @Nullable Login left =
        login != null && active && status == UNAUTHORIZED
            ? login.ended("the server does not take its token")
            : login;
    store.write(resource, new Kept(left, challenge));
    throw LoginNeeded.at(resource, why(status, active), challenge);
  }

  private static String why(int status, boolean active) {
    if (!active) {
      return "wants a login";
    }
    return status == UNAUTHORIZED
        ? "wants a new login: it does not take the token of the one there is"
        : "wants a login that allows more";
  }

  private static boolean allows(Login login, Challenge challenge) {
    Set<String> granted = new HashSet<>(login.tokens().scopes());
    return !challenge.scopes().isEmpty() && granted.containsAll(challenge.scopes());
  }
}
