package dev.workflow.mcp.oauth;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Finds the client that we are to an authorization server: one that is registered there already,
 * else one that a document describes, else one that we register (RFC 7591).
 */
final class Registration {
  private static final String NAME = "workflow";

  private final Http http;
  private final Spoken spoken;

  Registration(Http http, Spoken spoken) {
    this.http = http;
    this.spoken = spoken;
  }

  /** A client for people who log in. */
  Identity client(
      Resource resource, AuthorizationServer server, URI redirect, List<String> scopes) {
    ClientSettings settings = resource.client();
    if (settings.id() != null) {
      return known(settings, settings.id(), server);
    }
    if (server.documents() && settings.metadata() != null) {
      return new Identity(settings.metadata().toString(), null, Method.NONE);
    }
    if (server.registration() == null) {
      throw OAuthException.clientNeeded(
          "server '"
              + resource.name()
              + "': "
              + Words.cut(server.issuer())
              + " takes only clients that it knows",
          "register one there, for the redirect http://localhost:PORT/callback, and name it and the"
              + " port in the entry of the server");
    }
    return registered(resource, server, server.registration(), redirect, scopes);
  }

  /** A client that acts for itself. */
  Identity machine(Resource resource, AuthorizationServer server) {
    ClientSettings settings = resource.client();
    if (settings.id() == null || (settings.secret() == null && settings.privateKey() == null)) {
      throw OAuthException.failed(
          "server '"
              + resource.name()
              + "': client_credentials need a clientId, and a clientSecret or a privateKey");
    }
    return known(settings, settings.id(), server);
  }

  private static Identity known(ClientSettings settings, String id, AuthorizationServer server) {
    return settings.privateKey() != null
        ? new Identity(id, null, Method.PRIVATE_KEY_JWT)
        : new Identity(id, settings.secret(), Method.with(settings.secret(), server.methods()));
  }

  private Identity registered(
      Resource resource,
      AuthorizationServer server,
      URI endpoint,
      URI redirect,
      List<String> scopes) {
    Method method = wanted(server);
    String about =
        "server '" + resource.name() + "': " + Words.cut(server.issuer()) + " registers no client";
    try {
      Http.Answer answer = http.post(endpoint, request(method, redirect, scopes));
      if (!answer.isGood()) {
        throw OAuthException.clientNeeded(
            about + ": " + Words.refusal(answer),
            "register one there by hand, for the redirect http://localhost:PORT/callback, and name"
                + " it and the port in the entry of the server");
      }
      return read(answer.json(), method, server);
    } catch (IOException e) {
      throw OAuthException.failed(about + ": " + e.getMessage());
    }
  }

  /** A program on a person's machine can keep no secret; it takes one only where it must. */
  private static Method wanted(AuthorizationServer server) {
    return server.methods().isEmpty() || server.methods().contains(Method.NONE.word())
        ? Method.NONE
        : Method.with("", server.methods());
  }

  private static ObjectNode request(Method method, URI redirect, List<String> scopes) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("client_name", NAME);
    json.put("application_type", "native");
    json.putArray("redirect_uris").add(redirect.toString());
    json.putArray("grant_types").add("authorization_code").add("refresh_token");
    json.putArray("response_types").add("code");
    json.put("token_endpoint_auth_method", method.word());
    if (!scopes.isEmpty()) {
      json.put("scope", String.join(" ", scopes));
    }
    return json;
  }

  private Identity read(JsonNode json, Method asked, AuthorizationServer server)
      throws IOException {
    String id = json.path("client_id").asString("");
    if (id.isEmpty()) {
      throw new IOException("expected a client_id, found none");
    }
    String given = json.path("client_secret").asString("");
    @Nullable String secret = given.isEmpty() ? null : given;
    spoken.learn(secret);
    String word = json.path("token_endpoint_auth_method").asString("");
    Method told =
        word.isEmpty()
            ? (asked == Method.NONE ? Method.NONE : Method.with(secret, server.methods()))
            : Method.of(word).orElse(Method.PRIVATE_KEY_JWT);
    boolean possible = told == Method.NONE || (secret != null && told != Method.PRIVATE_KEY_JWT);
    if (!possible) {
      throw new IOException(
          "it registered a client that has to prove itself by " + Words.cut(word));
    }
    return new Identity(id, told == Method.NONE ? null : secret, told);
  }
}
