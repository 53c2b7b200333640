package dev.workflow.yaml;

/** Writes a text as YAML that is safe to paste. */
final class Quoting {

  /** Longer texts are cut in messages: people find the line by its place. */
  private static final int SHOWN_CHARS_MAX = 60;

  private Quoting() {}

  /** In double quotes, or in single ones where it holds those or backslashes; cut like shown. */
  static String quoted(String whole) {
    String text = shown(whole);
    return text.indexOf('"') < 0 && text.indexOf('\\') < 0
        ? '"' + text + '"'
        : "'" + text.replace("'", "''") + "'";
  }

  /** A text for a message, cut where it is long. */
  static String shown(String text) {
    String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    if (line.length() <= SHOWN_CHARS_MAX) {
      return line;
    }
    int end = SHOWN_CHARS_MAX;
    return line.substring(0, Character.isHighSurrogate(line.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
