package dev.workflow.engine;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What a model is shown of a value: all of it, or its head and its tail with a notice between. */
final class ModelView {

  /** Room for the notice itself. */
  private static final int NOTICE = 200;

  private ModelView() {}

  /** The text of a value: text as it is, anything else as compact JSON without binary data. */
  static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : ContentBlocks.shown(value).toString();
  }

  /** The view of a value in at most so many characters. */
  static String of(JsonNode value, int most) {
    return of(text(value), most);
  }

  /** The view of a text in at most so many characters, but never fewer than the notice needs. */
  static String of(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int room = Math.max(0, most - NOTICE);
    int head = boundary(text, room - room / 3);
    int tail = boundary(text, text.length() - room / 3);
    String notice =
        String.format(
            Locale.ROOT,
            "\n[... %,d of %,d characters are left out of this view. The whole value is kept and"
                + " given to later steps; ask for less or for a part when you need the rest.]\n",
            tail - head,
            text.length());
    return text.substring(0, head) + notice + text.substring(tail);
  }

  /** The start of a text for a message, on one line. */
  static String excerpt(String text, int most) {
    String line = text.strip().replaceAll("\\s+", " ");
    return line.length() <= most ? line : line.substring(0, boundary(line, most)) + "...";
  }

  /** Never between the two halves of a character. */
  private static int boundary(String text, int at) {
    boolean split =
        at > 0
            && at < text.length()
            && Character.isLowSurrogate(text.charAt(at))
            && Character.isHighSurrogate(text.charAt(at - 1));
    return split ? at - 1 : at;
  }
}
