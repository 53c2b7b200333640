package dev.workflow.engine;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/** JSON as text: what others wrote, and what people read. */
public final class JsonText {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final ObjectReader WHOLE =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectReader FIRST =
      MAPPER.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
  private static final ObjectWriter LINES =
      MAPPER
          .writer()
          .with(
              new DefaultPrettyPrinter(
                      Separators.createDefaultInstance()
                          .withObjectNameValueSpacing(Separators.Spacing.AFTER)
                          .withObjectEmptySeparator("")
                          .withArrayEmptySeparator(""))
                  .withObjectIndenter(INDENTER)
                  .withArrayIndenter(INDENTER));

  private JsonText() {}

  /** For people and version control: a line for each value, two spaces, the same on each system. */
  public static String lines(JsonNode value) {
    return LINES.writeValueAsString(value) + "\n";
  }

  /** The value that the text is; empty when it is not exactly one. */
  public static Optional<JsonNode> parse(String text) {
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
