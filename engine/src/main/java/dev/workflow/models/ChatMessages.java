package dev.workflow.models;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Request;
import dev.workflow.engine.Models.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A conversation in the words of the library. */
final class ChatMessages {

  /** Providers refuse messages without text. */
  private static final String NOTHING = "(nothing)";

  private ChatMessages() {}

  static List<ChatMessage> of(Request request, Endpoint.Dialect dialect) {
    List<ChatMessage> messages = new ArrayList<>();
    if (!request.system().isBlank()) {
      messages.add(SystemMessage.from(request.system()));
    }
    List<Content> seen = new ArrayList<>();
    for (Message message : request.messages()) {
      if (!(message instanceof Message.ToolOutput)) {
        show(seen, messages);
      }
      switch (message) {
        case Message.User user -> messages.add(UserMessage.from(some(user.text())));
        case Message.Assistant said -> messages.add(assistant(said));
        case Message.ToolOutput output -> {
          messages.add(result(output, dialect));
          if (dialect != Endpoint.Dialect.ANTHROPIC) {
            seen.addAll(named(output));
          }
        }
      }
    }
    show(seen, messages);
    return messages;
  }

  /** Where results are text alone the user shows images, behind all results of a turn. */
  private static void show(List<Content> seen, List<ChatMessage> messages) {
    if (!seen.isEmpty()) {
      messages.add(UserMessage.from(List.copyOf(seen)));
      seen.clear();
    }
  }

  private static List<Content> named(Message.ToolOutput output) {
    List<Content> contents = new ArrayList<>();
    if (!output.images().isEmpty()) {
      contents.add(
          TextContent.from(
              "[What the tool " + output.name() + " gave in its call " + output.id() + ":]"));
      contents.addAll(images(output));
    }
    return contents;
  }

  /** The cost of high detail is known; the library's own choice shows next to nothing. */
  private static List<Content> images(Message.ToolOutput output) {
    return output.images().stream()
        .<Content>map(
            image ->
                ImageContent.from(image.data(), image.mimeType(), ImageContent.DetailLevel.HIGH))
        .toList();
  }

  private static ChatMessage assistant(Message.Assistant said) {
    AiMessage.Builder message =
        AiMessage.builder()
            .toolExecutionRequests(said.calls().stream().map(ChatMessages::call).toList());
    if (!said.text().isBlank() || said.calls().isEmpty()) {
      message.text(some(said.text()));
    }
    JsonNode reasoning = said.reasoning();
    if (reasoning != null) {
      AnthropicReasoning.restore(reasoning, message);
    }
    return message.build();
  }

  private static ToolExecutionRequest call(Wanted call) {
    return ToolExecutionRequest.builder()
        .id(call.id())
        .name(call.name())
        .arguments(call.arguments().isObject() ? call.arguments().toString() : "{}")
        .build();
  }

  /** Only Anthropic's protocol has a place for "this is an error", and for images. */
  private static ChatMessage result(Message.ToolOutput output, Endpoint.Dialect dialect) {
    boolean marked = dialect == Endpoint.Dialect.ANTHROPIC;
    String text = output.error() && !marked ? "Error: " + output.text() : output.text();
    List<Content> contents = new ArrayList<>();
    contents.add(TextContent.from(some(text)));
    if (marked) {
      contents.addAll(images(output));
    }
    return ToolExecutionResultMessage.builder()
        .id(output.id())
        .toolName(output.name())
        .contents(contents)
        .isError(output.error())
        .attributes(Map.of())
        .build();
  }

  private static String some(String text) {
    return text.isBlank() ? NOTHING : text;
  }
}
