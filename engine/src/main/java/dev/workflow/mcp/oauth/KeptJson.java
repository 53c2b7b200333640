package dev.workflow.mcp.oauth;

import dev.workflow.mcp.oauth.Kept.Login;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The form of the file in which a login is kept. */
final class KeptJson {
  private static final int VERSION = 1;

  private KeptJson() {}

  static ObjectNode write(Resource resource, Kept kept) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", VERSION);
    json.put("url", resource.identifier().toString());
    if (kept.login() != null) {
      login(resource, kept.login(), json.putObject("login"));
    }
    if (kept.wanted() != null) {
      ObjectNode wanted = json.putObject("wanted");
      put(wanted, "error", kept.wanted().error());
      put(wanted, "resource_metadata", kept.wanted().resourceMetadata());
      texts(wanted, "scopes", kept.wanted().scopes());
    }
    return json;
  }

  /** Without the secret of a client that the entry names: it is taken from there when needed. */
  private static void login(Resource resource, Login login, ObjectNode json) {
    json.put("id", login.id());
    json.put("since", login.since().toString());
    json.put("issuer", login.issuer());
    json.put("resource", login.resource().toString());
    json.put("token_endpoint", login.tokenEndpoint().toString());
    put(json, "revocation_endpoint", login.revocation());
    put(json, "over", login.over());
    ObjectNode client = json.putObject("client").put("id", login.client().id());
    if (!login.client().id().equals(resource.client().id())) {
      put(client, "secret", login.client().secret());
    }
    client.put("method", login.client().method().word());
    Tokens tokens = login.tokens();
    ObjectNode kept = json.putObject("tokens").put("access", tokens.access());
    put(kept, "refresh", tokens.refresh());
    kept.put("issued", tokens.issued().toString());
    put(kept, "expires", tokens.expires());
    texts(kept, "scopes", tokens.scopes());
  }

  private static void put(ObjectNode json, String key, @Nullable Object value) {
    if (value != null) {
      json.put(key, value.toString());
    }
  }

  private static void texts(ObjectNode json, String key, List<String> texts) {
    texts.forEach(json.putArray(key)::add);
  }

  /**
   * Reads a file.
   *
   * @throws RuntimeException where it has another form
   */
  static Kept read(JsonNode json) {
    if (json.path("version").asInt(0) != VERSION) {
      throw new IllegalArgumentException("expected version " + VERSION);
    }
    JsonNode login = json.path("login");
    JsonNode wanted = json.path("wanted");
    return new Kept(
        login.isObject() ? login(login) : null,
        wanted.isObject()
            ? new Challenge(
                text(wanted, "error"),
                AuthorizationServer.texts(wanted, "scopes"),
                text(wanted, "resource_metadata"))
            : null);
  }

  private static Login login(JsonNode json) {
    JsonNode client = json.path("client");
    JsonNode tokens = json.path("tokens");
    String expires = text(tokens, "expires");
    String revocation = text(json, "revocation_endpoint");
    return new Login(
        needed(json, "id"),
        Instant.parse(needed(json, "since")),
        needed(json, "issuer"),
        URI.create(needed(json, "resource")),
        URI.create(needed(json, "token_endpoint")),
        revocation == null ? null : URI.create(revocation),
        new Identity(
            needed(client, "id"),
            text(client, "secret"),
            Method.of(needed(client, "method")).orElseThrow()),
        new Tokens(
            needed(tokens, "access"),
            text(tokens, "refresh"),
            Instant.parse(needed(tokens, "issued")),
            expires == null ? null : Instant.parse(expires),
            AuthorizationServer.texts(tokens, "scopes")),
        text(json, "over"));
  }

  private static @Nullable String text(JsonNode json, String key) {
    return json.path(key).isString() ? json.path(key).stringValue() : null;
  }

  private static String needed(JsonNode json, String key) {
    return Objects.requireNonNull(text(json, key), key);
  }
}
