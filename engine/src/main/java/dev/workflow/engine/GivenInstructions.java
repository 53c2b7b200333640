package dev.workflow.engine;

import dev.workflow.definition.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the instructions of an agent from what a step gave: a text, or a prompt of a server. */
final class GivenInstructions {
  /** A page of instructions has 3,000; what is longer fills a window before the work begins. */
  static final int CHARS_MAX = 100_000;

  private GivenInstructions() {}

  /**
   * The text. Nothing in it is evaluated. Of a prompt it is the texts of its messages, embedded
   * ones included, with a role before each where not all are those of the user.
   *
   * @throws Preparer.Broken where it is none, or too long
   */
  static String text(String agent, String step, @Nullable JsonNode given) {
    if (given == null) {
      throw broken(agent, step, "no output");
    }
    JsonNode messages = given.path("messages");
    String text =
        given.isString()
            ? given.stringValue()
            : messages.isArray() ? ofPrompt(agent, step, messages) : "";
    if (text.isBlank() || text.length() > CHARS_MAX) {
      throw broken(
          agent,
          step,
          text.isBlank()
              ? messages.isArray() || given.isString() ? "none" : "another value"
              : "%,d characters".formatted(text.length()));
    }
    return text;
  }

  private static String ofPrompt(String agent, String step, JsonNode messages) {
    boolean told =
        messages.valueStream().allMatch(each -> each.path("role").asString("").equals("user"));
    List<String> texts = new ArrayList<>();
    for (JsonNode message : messages) {
      JsonNode content = message.path("content");
      JsonNode text =
          content.path("type").asString("").equals("resource")
              ? content.path("resource").path("text")
              : content.path("text");
      if (!text.isString()) {
        throw broken(
            agent, step, "a message with content of type " + content.path("type").asString("?"));
      }
      String role = message.path("role").asString("").equals("user") ? "User" : "Assistant";
      texts.add(told ? text.stringValue() : role + ": " + text.stringValue());
    }
    return String.join("\n\n", texts);
  }

  static Preparer.Broken broken(String agent, String step, String found) {
    return new Preparer.Broken(
        ErrorKind.EXPRESSION,
        "The instructions of agent %s: expected text of at most %,d characters from step %s, found %s"
            .formatted(agent, CHARS_MAX, step, found));
  }
}
