package dev.workflow.mcp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One text per JSON value: keys sorted, no white space. The base of every digest of this rim. */
final class CanonicalJson {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private CanonicalJson() {}

  static String text(JsonNode value) {
    return MAPPER.writeValueAsString(sorted(value));
  }

  /** SHA-256 of the canonical text, in lower-case hexadecimal. */
  static String sha256(JsonNode value) {
    return sha256(text(value).getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static JsonNode sorted(JsonNode value) {
    if (value.isObject()) {
      List<String> names = new ArrayList<>(value.propertyNames());
      names.sort(null);
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      names.forEach(name -> object.set(name, sorted(value.get(name))));
      return object;
    }
    if (value.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode(value.size());
      value.forEach(element -> array.add(sorted(element)));
      return array;
    }
    return value;
  }
}
