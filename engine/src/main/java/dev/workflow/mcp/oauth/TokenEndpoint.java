package dev.workflow.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Asks for tokens and gives them back (RFC 6749 sections 4 to 6, RFC 7009, RFC 8707). */
final class TokenEndpoint {
  /** What may stand in a header. */
  private static final Pattern SENDABLE = Pattern.compile("[\\x21-\\x7e]+");

  /** With these errors a grant is worth nothing any more; others may pass. */
  private static final Set<String> FINAL =
      Set.of("invalid_grant", "invalid_client", "unauthorized_client", "invalid_scope");

  /** A life that nobody means; it is cut to a year. */
  private static final long MAX_SECONDS = 31_536_000;

  private final Http http;
  private final InstantSource clock;
  private final Spoken spoken;

  TokenEndpoint(Http http, InstantSource clock, Spoken spoken) {
    this.http = http;
    this.clock = clock;
    this.spoken = spoken;
  }

  /**
   * Whom to ask, as whom.
   *
   * @param privateKey for {@link Method#PRIVATE_KEY_JWT}
   */
  record Asked(
      URI endpoint, String issuer, URI resource, Identity client, @Nullable String privateKey) {
    @Override
    public String toString() {
      return "Asked[" + endpoint + "]";
    }
  }

  /** The endpoint refused for good: asking again changes nothing. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  Tokens byCode(Asked asked, String code, String verifier, URI redirect, List<String> scopes)
      throws IOException, Refused {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", redirect.toString());
    form.put("code_verifier", verifier);
    return tokens(asked, form, null, scopes);
  }

  Tokens byRefresh(Asked asked, Tokens old) throws IOException, Refused {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", String.valueOf(old.refresh()));
    return tokens(asked, form, old.refresh(), old.scopes());
  }

  Tokens byClient(Asked asked, List<String> scopes) throws IOException, Refused {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "client_credentials");
    if (!scopes.isEmpty()) {
      form.put("scope", String.join(" ", scopes));
    }
    return tokens(asked, form, null, scopes);
  }

  private Tokens tokens(
      Asked asked, Map<String, String> form, @Nullable String refresh, List<String> scopes)
      throws IOException, Refused {
    form.put("resource", asked.resource().toString());
    Http.Answer answer = http.post(asked.endpoint(), form, proof(asked, form));
    if (!answer.isGood()) {
      String said = Words.refusal(answer);
      if (FINAL.contains(answer.json().path("error").asString(""))) {
        throw new Refused(said);
      }
      throw new IOException(said);
    }
    return read(answer.json(), refresh, scopes);
  }

  /** Says who we are, in the form or in the headers that come back. */
  private Map<String, String> proof(Asked asked, Map<String, String> form) {
    Identity client = asked.client();
    String secret = client.secret() == null ? "" : client.secret();
    switch (client.method()) {
      case NONE -> form.put("client_id", client.id());
      case CLIENT_SECRET_POST -> {
        form.put("client_id", client.id());
        form.put("client_secret", secret);
      }
      case CLIENT_SECRET_BASIC -> {
        String pair = Http.encoded(client.id()) + ":" + Http.encoded(secret);
        String word = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        return Map.of("Authorization", "Basic " + word);
      }
      case PRIVATE_KEY_JWT -> {
        String key = asked.privateKey() == null ? "" : asked.privateKey();
        form.put("client_assertion_type", Assertion.TYPE);
        form.put(
            "client_assertion", Assertion.of(key, client.id(), asked.issuer(), clock.instant()));
      }
    }
    return Map.of();
  }

  private Tokens read(JsonNode json, @Nullable String refresh, List<String> scopes)
      throws IOException {
    String access = json.path("access_token").asString("");
    String type = json.path("token_type").asString("");
    if (!SENDABLE.matcher(access).matches()) {
      throw new IOException("expected an access_token, found none that can be sent");
    }
    if (!type.equalsIgnoreCase("bearer")) {
      throw new IOException(
          "expected a token of type Bearer, found " + Words.cut(type.isEmpty() ? "none" : type));
    }
    String next = json.path("refresh_token").asString("");
    Instant now = clock.instant();
    long seconds = json.path("expires_in").asLong(0);
    List<String> granted = Challenge.scopes(json.path("scope").asString(""));
    Tokens tokens =
        new Tokens(
            access,
            next.isEmpty() ? refresh : next,
            now,
            seconds > 0 ? now.plusSeconds(Math.min(seconds, MAX_SECONDS)) : null,
            granted.isEmpty() ? scopes : granted);
    spoken.learn(tokens);
    return tokens;
  }

  /**
   * Gives tokens back: the refresh token, with which its access tokens end, else the access token.
   */
  void revoke(Asked asked, Tokens tokens) throws IOException {
    Map<String, String> form = new LinkedHashMap<>();
    String refresh = tokens.refresh();
    form.put("token", refresh == null ? tokens.access() : refresh);
    form.put("token_type_hint", refresh == null ? "access_token" : "refresh_token");
    Http.Answer answer = http.post(asked.endpoint(), form, proof(asked, form));
    if (!answer.isGood()) {
      throw new IOException(Words.refusal(answer));
    }
  }
}
