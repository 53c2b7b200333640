package dev.workflow.mcp.oauth;

import tools.jackson.databind.JsonNode;

/** What others say, in a length that a message bears. */
final class Words {
  private static final int CHARS = 300;

  private Words() {}

  static String cut(String text) {
    return text.length() <= CHARS ? text : text.substring(0, CHARS) + " [...]";
  }

  /** The error of an authorization server (RFC 6749 section 5.2), or its status. */
  static String refusal(Http.Answer answer) {
    String said = refusal(answer.json());
    return said.isEmpty() ? "HTTP status " + answer.status() : said;
  }

  private static String refusal(JsonNode json) {
    String error = json.path("error").asString("");
    String description = json.path("error_description").asString("");
    return cut(description.isEmpty() || error.isEmpty() ? error : error + ": " + description);
  }
}
