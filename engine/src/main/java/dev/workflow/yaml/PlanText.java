package dev.workflow.yaml;

import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON that YAML reads back equal: what YAML does not allow in a text is escaped, which
 * JSON asks for only below a blank.
 */
public final class PlanText {
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .defaultPrettyPrinter(
              new DefaultPrettyPrinter().withObjectIndenter(LINES).withArrayIndenter(LINES))
          .build();

  private PlanText() {}

  /** A value over several lines, with a line break at the end. */
  public static String of(JsonNode value) {
    String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
    StringBuilder text = new StringBuilder(json.length() + 1);
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      boolean pair = Character.isHighSurrogate(c) && isLowAt(json, i + 1);
      if (pair) {
        text.append(c).append(json.charAt(++i));
      } else if (isPlain(c)) {
        text.append(c);
      } else {
        text.append("\\u%04x".formatted((int) c));
      }
    }
    return text.append('\n').toString();
  }

  private static boolean isLowAt(String text, int index) {
    return index < text.length() && Character.isLowSurrogate(text.charAt(index));
  }

  /** Outside of texts JSON holds nothing but ASCII. */
  private static boolean isPlain(char c) {
    return c < 0x7F || (c >= 0xA0 && !Character.isSurrogate(c) && c < 0xFFFE);
  }
}
