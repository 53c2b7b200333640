package dev.workflow.mcp.config;

import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What another client says of logins at a server, in our words where those mean the same.
 *
 * @param texts replaces variables as the client writes them by ours
 */
record ForeignLogin(OtherClient client, UnaryOperator<JsonNode> texts) {
  private static final String OURS = "oauth";
  private static final int MAX_PORT = 65_535;

  /** Our name of a key, by theirs. */
  private static final Map<String, String> NAMES =
      Map.of(
          "clientId", "clientId",
          "clientSecret", "clientSecret",
          "scopes", "scopes",
          "callbackPort", "callbackPort",
          "authServerMetadataUrl", "authServerMetadataUrl");

  private static final Map<String, String> NAMES_OF_CURSOR =
      Map.of("CLIENT_ID", "clientId", "CLIENT_SECRET", "clientSecret", "scopes", "scopes");

  /**
   * Sets what a field means here.
   *
   * @param flat the whole entry of the client
   * @param rest takes what means nothing here
   * @return whether the field is about logins and all of it stands in one of both now
   */
  boolean take(String key, JsonNode value, JsonNode flat, ObjectNode entry, ObjectNode rest) {
    if (client == OtherClient.CODEX && key.equals("scopes") && isSound(key, value)) {
      ours(entry).set(key, value);
      return true;
    }
    boolean cursors = client == OtherClient.CURSOR && key.equals("auth");
    if (!(value instanceof ObjectNode said) || !(cursors || isOfOAuth(key, value, flat))) {
      return false;
    }
    Map<String, String> names = cursors ? NAMES_OF_CURSOR : NAMES;
    ObjectNode left = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : said.properties()) {
      String name = names.get(field.getKey());
      if (name != null && isSound(name, field.getValue())) {
        ours(entry).set(name, texts.apply(field.getValue()));
      } else if (!field.getValue().isNull()) {
        left.set(field.getKey(), field.getValue());
      }
    }
    if (!left.isEmpty()) {
      rest.set(key, left);
    }
    return true;
  }

  /** Not where it is switched off, or is about the accounts of one company. */
  private static boolean isOfOAuth(String key, JsonNode value, JsonNode flat) {
    String provider = flat.path("authProviderType").asString("dynamic_discovery");
    return key.equals(OURS)
        && value.path("enabled").asBoolean(true)
        && provider.equals("dynamic_discovery");
  }

  private static boolean isSound(String name, JsonNode value) {
    return switch (name) {
      case "scopes" ->
          value.isString() || (value.isArray() && value.valueStream().allMatch(JsonNode::isString));
      case "callbackPort" ->
          value.canConvertToInt() && value.asInt() > 0 && value.asInt() <= MAX_PORT;
      default -> value.isString() && !value.stringValue().isBlank();
    };
  }

  private static ObjectNode ours(ObjectNode entry) {
    return entry.get(OURS) instanceof ObjectNode there ? there : entry.putObject(OURS);
  }
}
