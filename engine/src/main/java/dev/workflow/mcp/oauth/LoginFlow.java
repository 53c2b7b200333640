package dev.workflow.mcp.oauth;

import dev.workflow.definition.Durations;
import dev.workflow.mcp.oauth.Kept.Login;
import dev.workflow.mcp.oauth.LoginRequest.Invitation;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Logs in: a person by a browser, with PKCE (RFC 7636), or the client itself. */
final class LoginFlow {
  private static final String OFFLINE = "offline_access";
  private static final int RANDOM_BYTES = 32;

  private final Discovery discovery;
  private final Registration registration;
  private final TokenEndpoint tokens;
  private final Spoken spoken;
  private final InstantSource clock;

  LoginFlow(
      Discovery discovery,
      Registration registration,
      TokenEndpoint tokens,
      Spoken spoken,
      InstantSource clock) {
    this.discovery = discovery;
    this.registration = registration;
    this.tokens = tokens;
    this.spoken = spoken;
    this.clock = clock;
  }

  /** Logs a client in that acts for itself; nobody is asked. */
  Login machine(Resource resource, Challenge challenge, List<String> granted) {
    Discovery.Found found = discovery.find(resource, challenge);
    Identity client = registration.machine(resource, found.server());
    List<String> scopes = scopes(resource, challenge, found, granted);
    TokenEndpoint.Asked asked = asked(resource, found, client);
    try {
      return login(found, client, tokens.byClient(asked, scopes));
    } catch (IOException | TokenEndpoint.Refused e) {
      throw OAuthException.failed(about(resource, found) + " gives no token: " + e.getMessage());
    }
  }

  /**
   * Logs a person in.
   *
   * @param granted what was granted already; asked for again where more is wanted now
   */
  Login person(Resource resource, Challenge challenge, List<String> granted, LoginRequest request) {
    Discovery.Found found = discovery.find(resource, challenge);
    String about = about(resource, found);
    URI endpoint = found.server().authorization();
    if (endpoint == null) {
      throw OAuthException.failed(
          about + " lets no person log in: it has no authorization_endpoint");
    }
    if (!found.server().knowsS256()) {
      throw OAuthException.failed(
          about
              + " does not protect a login by PKCE: expected S256 in its"
              + " code_challenge_methods_supported, found "
              + (found.server().challenges().isEmpty() ? "none" : found.server().challenges()));
    }
    List<String> scopes =
        request.scopes().isEmpty()
            ? lasting(resource, scopes(resource, challenge, found, granted), found)
            : request.scopes();
    String state = random();
    String verifier = random();
    spoken.learn(verifier);
    try (Callback callback = callback(resource, state)) {
      Identity client = registration.client(resource, found.server(), callback.redirect(), scopes);
      Map<String, String> query = new LinkedHashMap<>();
      query.put("response_type", "code");
      query.put("client_id", client.id());
      query.put("redirect_uri", callback.redirect().toString());
      query.put("state", state);
      query.put("code_challenge", challenge(verifier));
      query.put("code_challenge_method", "S256");
      query.put("resource", found.resource().toString());
      if (!scopes.isEmpty()) {
        query.put("scope", String.join(" ", scopes));
      }
      if (scopes.contains(OFFLINE)) {
        query.put("prompt", "consent");
      }
      request
          .invitation()
          .accept(new Invitation(with(endpoint, query), found.server().issuer(), scopes));
      Map<String, String> answer = awaited(callback, request, about);
      String code = code(answer, found.server(), about);
      TokenEndpoint.Asked asked = asked(resource, found, client);
      return login(
          found, client, tokens.byCode(asked, code, verifier, callback.redirect(), scopes));
    } catch (IOException | TokenEndpoint.Refused e) {
      throw OAuthException.failed(about + " gives no token for the login: " + e.getMessage());
    }
  }

  private static String about(Resource resource, Discovery.Found found) {
    return "server '"
        + resource.name()
        + "': the authorization server "
        + Words.cut(found.server().issuer());
  }

  private static List<String> scopes(
      Resource resource, Challenge challenge, Discovery.Found found, List<String> granted) {
    if (!resource.client().scopes().isEmpty()) {
      return resource.client().scopes();
    }
    if (!challenge.isOfScope()) {
      return challenge.scopes().isEmpty() ? found.scopes() : challenge.scopes();
    }
    Set<String> all = new LinkedHashSet<>(granted);
    all.addAll(challenge.scopes());
    if (all.size() == granted.size()) {
      all.addAll(found.scopes()); // what it named is granted already and was not enough
    }
    return List.copyOf(all);
  }

  /** With a refresh token, where there is one to be had for the asking. */
  private static List<String> lasting(
      Resource resource, List<String> scopes, Discovery.Found found) {
    boolean asks =
        resource.client().scopes().isEmpty()
            && found.server().scopes().contains(OFFLINE)
            && !scopes.contains(OFFLINE);
    if (!asks) {
      return scopes;
    }
    List<String> more = new ArrayList<>(scopes);
    more.add(OFFLINE);
    return more;
  }

  private static Callback callback(Resource resource, String state) {
    int port = resource.client().callbackPort();
    try {
      return Callback.open(port, state);
    } catch (IOException e) {
      throw OAuthException.failed(
          "server '"
              + resource.name()
              + "': no browser can come back, as the port "
              + (port == 0 ? "of this machine" : port)
              + " cannot be used: "
              + e.getMessage());
    }
  }

  private static Map<String, String> awaited(
      Callback callback, LoginRequest request, String about) {
    @Nullable Map<String, String> answer;
    try {
      answer = callback.await(request.patience());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OAuthException.failed(about + ": the login was interrupted");
    }
    if (answer == null) {
      int strange = callback.strange();
      throw OAuthException.failed(
          about + ": nobody logged in within " + Durations.text(request.patience()),
          strange == 0
              ? "the browser did not come back"
              : "the browser came back with a state that is not ours (" + strange + " times)");
    }
    return answer;
  }

  /** The code of an answer whose state is ours (RFC 6749 section 4.1.2, RFC 9207). */
  private String code(Map<String, String> answer, AuthorizationServer server, String about) {
    @Nullable String issuer = answer.get("iss");
    if (issuer == null ? server.namesItself() : !issuer.equals(server.issuer())) {
      throw OAuthException.failed(
          about
              + " did not answer itself: expected its name in the answer, found "
              + (issuer == null ? "none" : Words.cut(issuer)));
    }
    @Nullable String error = answer.get("error");
    if (error != null) {
      String description = answer.getOrDefault("error_description", "");
      throw OAuthException.failed(
          about
              + " refused the login: "
              + Words.cut(description.isEmpty() ? error : error + ": " + description));
    }
    String code = answer.getOrDefault("code", "");
    if (code.isEmpty()) {
      throw OAuthException.failed(about + " sent the browser back without a code");
    }
    spoken.learn(code);
    return code;
  }

  private static TokenEndpoint.Asked asked(
      Resource resource, Discovery.Found found, Identity client) {
    return new TokenEndpoint.Asked(
        found.server().token(),
        found.server().issuer(),
        found.resource(),
        client,
        resource.client().privateKey());
  }

  private Login login(Discovery.Found found, Identity client, Tokens given) {
    return new Login(
        UUID.randomUUID().toString(),
        clock.instant(),
        found.server().issuer(),
        found.resource(),
        found.server().token(),
        found.server().revocation(),
        client,
        given,
        null);
  }

  /** An endpoint may have a query of its own (RFC 6749 section 3.1). */
  private static URI with(URI endpoint, Map<String, String> query) {
    String more =
        query.entrySet().stream()
            .map(each -> Http.encoded(each.getKey()) + "=" + Http.encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    String own = Objects.requireNonNullElse(endpoint.getRawQuery(), "");
    String text = endpoint.toString();
    String before = own.isEmpty() ? text.replace("?", "") : text;
    return URI.create(before + (own.isEmpty() ? "?" : "&") + more);
  }

  private static String random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String challenge(String verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
