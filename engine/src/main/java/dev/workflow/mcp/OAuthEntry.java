package dev.workflow.mcp;

import dev.workflow.definition.Nearest;
import dev.workflow.mcp.oauth.ClientSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What an entry says of logins: {@code oauth}, or {@code auth} as some clients write it; variables
 * are not expanded.
 *
 * @param texts by our names of their keys
 * @param machine whether it asks for client credentials
 */
public record OAuthEntry(
    Map<String, String> texts, List<String> scopes, int callbackPort, boolean machine) {
  static final OAuthEntry NONE = new OAuthEntry(Map.of(), List.of(), 0, false);

  private static final String KEY = "oauth";
  private static final String OTHER_KEY = "auth";
  private static final String CREDENTIALS = "client_credentials";
  private static final int MAX_PORT = 65_535;

  private static final List<String> TEXTS =
      List.of(
          "clientId", "clientSecret", "clientMetadataUrl", "authServerMetadataUrl", "privateKey");

  private static final Set<String> KEYS =
      Set.of(
          "clientId",
          "clientSecret",
          "clientMetadataUrl",
          "authServerMetadataUrl",
          "privateKey",
          "scopes",
          "callbackPort",
          "grantType");

  /** As another client writes them. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("CLIENT_ID", "clientId", "CLIENT_SECRET", "clientSecret", "scopes", "scopes");

  public OAuthEntry {
    texts = Map.copyOf(texts);
    scopes = List.copyOf(scopes);
  }

  /** Whether an entry's {@code auth} is of the form that is understood. */
  static boolean understands(JsonNode auth) {
    return auth.isObject();
  }

  /** What an entry says; what is wrong is told to its reader. */
  static OAuthEntry read(Fields fields) {
    JsonNode written = fields.get(KEY);
    if (written == null && fields.get(OTHER_KEY) instanceof ObjectNode other) {
      return read(ours(other), OTHER_KEY, fields);
    }
    return written == null ? NONE : read(written, KEY, fields);
  }

  private static JsonNode ours(ObjectNode other) {
    ObjectNode ours = JsonNodeFactory.instance.objectNode();
    other
        .properties()
        .forEach(e -> ours.set(OTHER_NAMES.getOrDefault(e.getKey(), e.getKey()), e.getValue()));
    return ours;
  }

  private static OAuthEntry read(JsonNode written, String at, Fields fields) {
    if (!written.isObject()) {
      fields.wrong(at, "expected a map, found " + Fields.kind(written));
      return NONE;
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : written.properties()) {
      String key = field.getKey();
      JsonNode value = field.getValue();
      if (TEXTS.contains(key) && (!value.isString() || value.stringValue().isBlank())) {
        fields.wrong(at + "/" + key, "expected text, found " + Fields.kind(value));
      } else if (TEXTS.contains(key)) {
        texts.put(key, value.stringValue());
      } else if (!KEYS.contains(key)) {
        Optional<String> near = Nearest.to(key, KEYS);
        if (near.isPresent()) {
          fields.wrong(at + "/" + key, "unknown key", "Did you mean `" + near.get() + "`?");
        }
      }
    }
    return new OAuthEntry(
        texts,
        scopes(written.path("scopes"), at, fields),
        port(written.path("callbackPort"), at, fields),
        machine(written.path("grantType"), at, fields));
  }

  /** A list, or a text with blanks between them. */
  private static List<String> scopes(JsonNode value, String at, Fields fields) {
    if (value.isMissingNode()) {
      return List.of();
    }
    if (value.isString()) {
      return Arrays.stream(value.stringValue().strip().split("\\s+"))
          .filter(s -> !s.isEmpty())
          .toList();
    }
    return fields.texts(value, at + "/scopes");
  }

  private static int port(JsonNode value, String at, Fields fields) {
    if (value.isMissingNode()) {
      return 0;
    }
    int port = value.isIntegralNumber() && value.canConvertToInt() ? value.intValue() : 0;
    if (port < 1 || port > MAX_PORT) {
      fields.wrong(
          at + "/callbackPort", "expected a number from 1 to 65535, found " + Fields.kind(value));
      return 0;
    }
    return port;
  }

  private static boolean machine(JsonNode value, String at, Fields fields) {
    String grant = value.asString("authorization_code");
    if (!grant.equals(CREDENTIALS) && !grant.equals("authorization_code")) {
      fields.wrong(
          at + "/grantType", "expected authorization_code or client_credentials, found " + grant);
    }
    return grant.equals(CREDENTIALS);
  }

  /**
   * The same with variables expanded.
   *
   * @param secrets told those that stand in it
   */
  ClientSettings expanded(Expansion expansion, Set<String> secrets) {
    Map<String, String> values = new HashMap<>();
    texts.forEach((key, text) -> values.put(key, expansion.expand(KEY + "." + key, text)));
    List<String> asked = new ArrayList<>();
    scopes.forEach(scope -> asked.add(expansion.expand(KEY + ".scopes", scope)));
    for (String secret : List.of("clientSecret", "privateKey")) {
      if (values.containsKey(secret)) {
        secrets.add(values.get(secret));
      }
    }
    return new ClientSettings(
        values.get("clientId"),
        values.get("clientSecret"),
        List.copyOf(new LinkedHashSet<>(asked)),
        callbackPort,
        address(values.get("clientMetadataUrl"), "clientMetadataUrl", expansion),
        address(values.get("authServerMetadataUrl"), "authServerMetadataUrl", expansion),
        machine,
        values.get("privateKey"));
  }

  private static @Nullable URI address(@Nullable String text, String key, Expansion expansion) {
    if (text == null) {
      return null;
    }
    try {
      URI address = URI.create(text);
      if (address.getHost() != null && String.valueOf(address.getScheme()).startsWith("http")) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // reported below
    }
    expansion.mistakes().add("field " + KEY + "." + key + ": expected an https address");
    return null;
  }

  /** Secrets are values of it: they never stand in a text made of it. */
  @Override
  public String toString() {
    return "OAuthEntry" + texts.keySet();
  }
}
