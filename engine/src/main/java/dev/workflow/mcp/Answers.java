package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.ContentBlocks;
import dev.workflow.engine.JsonText;
import dev.workflow.engine.ServerMethods;
import dev.workflow.engine.Tools.Answer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the result of a call is worth: {@code structuredContent} where there is any; else the text,
 * its blocks joined by newlines; else, where a block is no text, the whole list of blocks. What the
 * blocks say beyond the value goes with it. Text stays text even where it looks like JSON, so that
 * a value's type never depends on what a file contains. What was asked by a method of the protocol
 * is worth its result as it is.
 */
final class Answers {
  private static final int MESSAGE_CHARS = 300;

  private Answers() {}

  /**
   * The answer of a result.
   *
   * @throws dev.workflow.engine.Tools.ToolException when the tool reports an error, or when it is
   *     no result at all
   */
  static Answer of(String server, String tool, JsonNode result) {
    if (ServerMethods.isOne(tool) && result.isObject()) {
      return new Answer(result, true);
    }
    JsonNode content = result.path("content");
    if (result.path("isError").asBoolean(false)) {
      throw Failures.of(
          ErrorKind.TOOL_ERROR,
          "tool " + server + "/" + tool + " failed: " + firstLine(content),
          lines(result),
          true);
    }
    JsonNode structured = result.path("structuredContent");
    if (!structured.isMissingNode() && !structured.isNull()) {
      boolean more = content.isArray() && !content.isEmpty() && !saysIt(content, structured);
      return new Answer(structured, true, more ? content : null);
    }
    if (!content.isArray()) {
      throw Failures.unusable(
          "tool "
              + server
              + "/"
              + tool
              + " answered with neither content nor structuredContent: "
              + cut(result.toString()),
          List.of());
    }
    JsonNode value = value(content);
    return new Answer(value, false, value.isArray() || isOneText(content) ? null : content);
  }

  /** Whether there is nothing in the blocks but the value as text, as servers are asked to send. */
  private static boolean saysIt(JsonNode content, JsonNode structured) {
    return content.isEmpty()
        || (isOneText(content)
            && JsonText.parse(content.path(0).path("text").asString(""))
                .filter(structured::equals)
                .isPresent());
  }

  /** Whether it is one block with a text and nothing else. */
  private static boolean isOneText(JsonNode content) {
    JsonNode block = content.path(0);
    return content.size() == 1
        && block.size() == 2
        && block.path("text").isString()
        && block.path("type").asString("").equals("text");
  }

  private static JsonNode value(JsonNode content) {
    List<String> texts = new ArrayList<>();
    for (JsonNode block : content) {
      JsonNode text = text(block);
      if (!text.isString()) {
        return content;
      }
      texts.add(text.stringValue());
    }
    return JsonNodeFactory.instance.stringNode(String.join("\n", texts));
  }

  private static JsonNode text(JsonNode block) {
    return switch (block.path("type").asString("")) {
      case "text" -> block.path("text");
      case "resource" -> block.path("resource").path("text");
      default -> JsonNodeFactory.instance.missingNode();
    };
  }

  private static String firstLine(JsonNode content) {
    for (JsonNode block : content) {
      String text = text(block).asString("").strip();
      if (!text.isEmpty()) {
        return cut(text.lines().findFirst().orElse(""));
      }
    }
    return "it gave no reason";
  }

  /** All that a failed result said, and not only its first line. */
  private static List<String> lines(JsonNode result) {
    List<String> lines = new ArrayList<>();
    for (JsonNode block : result.path("content")) {
      JsonNode text = text(block);
      lines.add(text.isString() ? text.stringValue() : ContentBlocks.shown(block).toString());
    }
    JsonNode structured = result.path("structuredContent");
    if (!structured.isMissingNode() && !structured.isNull()) {
      lines.add(structured.toString());
    }
    return lines;
  }

  private static String cut(String text) {
    return Failures.cut(text, MESSAGE_CHARS);
  }
}
