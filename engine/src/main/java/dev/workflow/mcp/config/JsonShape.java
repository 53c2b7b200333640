package dev.workflow.mcp.config;

import dev.workflow.mcp.ServerJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * Where each value of a JSON text stands: offsets of its first character and behind its last one.
 * Comments and trailing commas are accepted, as other clients write them.
 *
 * @param value of an object: all that is in it
 * @param members of an object, in the order of the text
 */
record JsonShape(int start, int end, JsonNode value, Map<String, Member> members) {
  /** A key and its value. */
  record Member(int start, JsonShape shape) {}

  boolean isObject() {
    return value.isObject();
  }

  /**
   * The shape of a text that holds one value.
   *
   * @throws tools.jackson.core.JacksonException where it is no JSON
   */
  static JsonShape of(String text) {
    try (JsonParser parser = ServerJson.parser(text)) {
      parser.nextToken();
      return shape(parser, text);
    }
  }

  private static JsonShape shape(JsonParser parser, String text) {
    int start = offset(parser.currentTokenLocation().getCharOffset());
    Map<String, Member> members = new LinkedHashMap<>();
    switch (Objects.requireNonNull(parser.currentToken())) {
      case START_OBJECT -> {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = Objects.requireNonNull(parser.currentName());
          int key = offset(parser.currentTokenLocation().getCharOffset());
          parser.nextToken();
          members.put(name, new Member(key, shape(parser, text)));
        }
      }
      case START_ARRAY -> parser.skipChildren();
      default -> parser.finishToken();
    }
    int end = offset(parser.currentLocation().getCharOffset());
    JsonNode value =
        ServerJson.read(text.substring(start, end)); // The whole is at most a mebibyte.
    return new JsonShape(start, end, value, members);
  }

  private static int offset(long offset) {
    return Math.toIntExact(offset);
  }
}
