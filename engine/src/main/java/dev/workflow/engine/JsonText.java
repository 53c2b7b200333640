package dev.workflow.engine;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON from texts that others wrote. */
final class JsonText {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final ObjectReader WHOLE =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectReader FIRST =
      MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private JsonText() {}

  /** The value that the text is; empty when it is not exactly one. */
  static Optional<JsonNode> parse(String text) {
    return read(WHOLE, text);
  }

  /** The value that the text begins with, whatever follows. */
  static Optional<JsonNode> parseStart(String text) {
    return read(FIRST, text);
  }

  private static Optional<JsonNode> read(ObjectReader reader, String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reader.readTree(text)).filter(value -> !value.isMissingNode());
    } catch (JacksonException notJson) {
      return Optional.empty();
    }
  }
}
