package dev.workflow.mcp;

import java.nio.charset.StandardCharsets;

/** Messages as a hostile server writes them, each without the end of its line. */
final class HostileAnswers {
  /** Steers a terminal in each way there is: control, C1, bidirectional and tag characters. */
  static final String PAINT =
      "\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e\u2066\udb40\udc41\b\rdone";

  private static final int MIB = 1 << 20;

  private HostileAnswers() {}

  /** An answer that is wrong in itself; empty where this vice is none of answers. */
  static byte[] of(String vice, String id, int calls) {
    return switch (vice) {
      case "ten-thousand-deep" ->
          structured(id, "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000));
      case "many-values" -> structured(id, "[" + "[],".repeat(5 * MIB) + "[]]");
      case "invalid-utf-8" ->
          answer(id, text("(\u00ff\u00fe")).getBytes(StandardCharsets.ISO_8859_1);
      case "half-a-character" -> bytes(answer(id, text("\\ud800")));
      case "nan" -> structured(id, "{\"n\":NaN}");
      case "huge-number" -> structured(id, "{\"n\":" + "9".repeat(100_000) + "}");
      case "duplicate-keys" -> structured(id, "{\"paid\":false,\"paid\":true}");
      case "no-result" -> bytes("{\"jsonrpc\":\"2.0\",\"id\":" + id + "}");
      case "no-content" -> bytes(answer(id, "\"fine\""));
      case "says-much-in-an-error" -> bytes(error(id, "x".repeat(8 * MIB)));
      case "fails-at-length" -> bytes(answer(id, failed("x".repeat(8 * MIB))));
      case "paints" ->
          bytes(calls == 1 ? answer(id, failed(escaped(PAINT))) : error(id, escaped(PAINT)));
      default -> new byte[0];
    };
  }

  static String answer(String id, String result) {
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}";
  }

  static String text(String text) {
    return "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
  }

  private static String failed(String text) {
    return "{\"isError\":true,\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
  }

  private static byte[] structured(String id, String value) {
    return bytes(answer(id, "{\"content\":[],\"structuredContent\":" + value + "}"));
  }

  private static String error(String id, String message) {
    return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-32603,\"message\":\"%s\"}}"
        .formatted(id, message);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** What stands between the quotes of a JSON string. */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c < 127 && c != '"' && c != '\\';
      escaped.append(plain ? String.valueOf(c) : "\\u%04x".formatted((int) c));
    }
    return escaped.toString();
  }
}
