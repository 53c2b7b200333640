package dev.workflow.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What an authorization server says of itself (RFC 8414 section 2).
 *
 * @param authorization absent: it lets no person log in
 * @param registration where clients make themselves known; absent: nowhere
 * @param revocation where tokens are given back; absent: nowhere
 * @param methods in which clients may prove who they are at the token endpoint
 * @param challenges the methods of PKCE that it knows
 * @param scopes that it knows; empty: it does not say
 * @param documents whether a client may be the address of its metadata
 * @param namesItself whether its answers to a browser carry its name (RFC 9207)
 */
record AuthorizationServer(
    String issuer,
    @Nullable URI authorization,
    URI token,
    @Nullable URI registration,
    @Nullable URI revocation,
    Set<String> methods,
    Set<String> challenges,
    List<String> scopes,
    boolean documents,
    boolean namesItself) {
  private static final String S256 = "S256";

  AuthorizationServer {
    methods = Set.copyOf(methods);
    challenges = Set.copyOf(challenges);
    scopes = List.copyOf(scopes);
  }

  /** Reads its metadata; the caller has compared the issuer. */
  static AuthorizationServer of(String issuer, JsonNode json) throws IOException {
    URI token = endpoint(json, "token_endpoint");
    if (token == null) {
      throw new IOException("expected a token_endpoint, found none");
    }
    Set<String> methods = new LinkedHashSet<>(texts(json, "token_endpoint_auth_methods_supported"));
    return new AuthorizationServer(
        issuer,
        endpoint(json, "authorization_endpoint"),
        token,
        endpoint(json, "registration_endpoint"),
        endpoint(json, "revocation_endpoint"),
        methods,
        new LinkedHashSet<>(texts(json, "code_challenge_methods_supported")),
        texts(json, "scopes_supported"),
        json.path("client_id_metadata_document_supported").asBoolean(false),
        json.path("authorization_response_iss_parameter_supported").asBoolean(false));
  }

  /** One of the year in which servers needed no metadata: its endpoints have fixed places. */
  static AuthorizationServer withoutMetadata(String origin) {
    return new AuthorizationServer(
        origin,
        URI.create(origin + "/authorize"),
        URI.create(origin + "/token"),
        URI.create(origin + "/register"),
        null,
        Set.of(),
        Set.of(S256),
        List.of(),
        false,
        false);
  }

  boolean knowsS256() {
    return challenges.contains(S256);
  }

  private static @Nullable URI endpoint(JsonNode json, String name) throws IOException {
    String text = json.path(name).asString("");
    try {
      return text.isEmpty() ? null : Address.endpoint(text);
    } catch (IOException e) {
      throw new IOException(name + ": " + e.getMessage(), e);
    }
  }

  /** The texts of a list; whatever else stands in it is left out. */
  static List<String> texts(JsonNode json, String name) {
    return json.path(name)
        .valueStream()
        .filter(JsonNode::isString)
        .map(JsonNode::stringValue)
        .toList();
  }
}
