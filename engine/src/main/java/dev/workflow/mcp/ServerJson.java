package dev.workflow.mcp;

import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON as people and other clients write files of servers: comments, trailing commas and a byte
 * order mark are accepted, a key that is said twice is not.
 */
public final class ServerJson {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS, JsonReadFeature.ALLOW_TRAILING_COMMA)
          .build();

  private ServerJson() {}

  /**
   * The one value of a text.
   *
   * @throws tools.jackson.core.JacksonException where it is no such JSON
   */
  public static JsonNode read(String text) {
    return MAPPER.readTree(text.substring(mark(text)));
  }

  /** Reads a text piece by piece; its mark is not to be in it. */
  public static JsonParser parser(String text) {
    return MAPPER.createParser(text);
  }

  /** The value that a parser stands at; what follows it is left. */
  static JsonNode value(JsonParser parser) {
    return MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(parser);
  }

  /** How many characters the byte order mark at the beginning of a text has: one, or none. */
  public static int mark(String text) {
    return text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length() : 0;
  }
}
