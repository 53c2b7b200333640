package dev.workflow.mcp.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where each value of a JSON text stands: offsets of its first character and behind its last one.
 * Comments and trailing commas are accepted, as other clients write them.
 *
 * @param value of an object: all that is in it
 * @param members of an object, in the order of the text
 */
record JsonShape(int start, int end, JsonNode value, Map<String, Member> members) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

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
    try (JsonParser parser = MAPPER.createParser(text)) {
      parser.nextToken();
      return shape(parser, text);
    }
  }

  /** The value of a text, whatever it is. */
  static JsonNode read(String text) {
    return MAPPER.readTree(text);
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
    JsonNode value = read(text.substring(start, end)); // The whole is at most a mebibyte.
    return new JsonShape(start, end, value, members);
  }

  private static int offset(long offset) {
    return Math.toIntExact(offset);
  }
}
