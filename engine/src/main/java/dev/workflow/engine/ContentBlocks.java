package dev.workflow.engine;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Values that hold what tools give in the blocks of MCP. Images, audio and binary resources stand
 * in a value whole, in Base64, so that the next tool gets all of it; who only looks is shown what
 * it is, how long, and its digest.
 */
public final class ContentBlocks {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Set<String> WITH_DATA = Set.of("image", "audio");

  private ContentBlocks() {}

  /**
   * Binary data of a value.
   *
   * @param pointer to the block that holds it
   * @param mimeType what it is said to be; empty: nothing is said
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared by value, and nobody else keeps it
  public record Binary(String pointer, String mimeType, byte[] bytes) {}

  /** The value as it is shown: {@code {bytes, sha256}} in the place of binary data. */
  public static JsonNode shown(JsonNode value) {
    if (value.isArray()) {
      List<JsonNode> elements = new ArrayList<>(value.size());
      value.forEach(element -> elements.add(shown(element)));
      return isSame(value, elements) ? value : JSON.arrayNode().addAll(elements);
    }
    return value.isObject() ? shownObject(value) : value;
  }

  private static JsonNode shownObject(JsonNode value) {
    String field = field(value);
    byte[] bytes = field == null ? null : decoded(value.path(field));
    ObjectNode copy = JSON.objectNode();
    boolean changed = false;
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      JsonNode before = entry.getValue();
      JsonNode after =
          bytes != null && entry.getKey().equals(field) ? reference(bytes) : shown(before);
      copy.set(entry.getKey(), after);
      changed |= isOther(before, after);
    }
    return changed ? copy : value;
  }

  /** All binary data of a value, in order. */
  public static List<Binary> binaries(JsonNode value) {
    List<Binary> found = new ArrayList<>();
    find(value, "", found);
    return found;
  }

  private static void find(JsonNode value, String pointer, List<Binary> found) {
    String field = field(value);
    byte[] bytes = field == null ? null : decoded(value.path(field));
    if (bytes != null) {
      found.add(new Binary(pointer, value.path("mimeType").asString(""), bytes));
    }
    value
        .properties()
        .forEach(
            entry ->
                find(entry.getValue(), pointer + "/" + Pointers.escape(entry.getKey()), found));
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      find(value.get(i), pointer + "/" + i, found);
    }
  }

  /** The field of a block that holds binary data; absent: it is no such block. */
  private static @Nullable String field(JsonNode block) {
    if (!block.isObject()) {
      return null;
    }
    if (block.path("data").isString() && WITH_DATA.contains(block.path("type").asString(""))) {
      return "data";
    }
    return block.path("blob").isString() && block.path("uri").isString() ? "blob" : null;
  }

  private static byte @Nullable [] decoded(JsonNode text) {
    try {
      return Base64.getDecoder().decode(text.stringValue());
    } catch (IllegalArgumentException noBase64) {
      return null;
    }
  }

  private static JsonNode reference(byte[] bytes) {
    return JSON.objectNode().put("bytes", bytes.length).put("sha256", Canonical.hash(bytes));
  }

  private static boolean isSame(JsonNode array, List<JsonNode> elements) {
    for (int i = 0; i < elements.size(); i++) {
      if (isOther(array.get(i), elements.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Nothing is copied that does not change, so the node tells whether it has. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isOther(JsonNode before, JsonNode after) {
    return before != after;
  }

  /** What blocks say that the value of a structured answer does not; empty: nothing. */
  static ArrayNode beside(@Nullable JsonNode content) {
    ArrayNode blocks = JSON.arrayNode();
    if (content != null) {
      content.forEach(
          block -> {
            if (!block.path("type").asString("").equals("text")) {
              blocks.add(shown(block));
            }
          });
    }
    return blocks;
  }
}
