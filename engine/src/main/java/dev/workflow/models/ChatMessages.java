package dev.workflow.models;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
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
    for (Message message : request.messages()) {
      messages.add(
          switch (message) {
            case Message.User user -> UserMessage.from(some(user.text()));
            case Message.Assistant said -> assistant(said);
            case Message.ToolOutput output -> result(output, dialect);
          });
    }
    return messages;
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

  /** Only Anthropic's protocol has a place for "this is an error". */
  private static ChatMessage result(Message.ToolOutput output, Endpoint.Dialect dialect) {
    boolean marked = dialect == Endpoint.Dialect.ANTHROPIC;
    String text = output.error() && !marked ? "Error: " + output.text() : output.text();
    return ToolExecutionResultMessage.builder()
        .id(output.id())
        .toolName(output.name())
        .text(some(text))
        .isError(output.error())
        .attributes(Map.of())
        .build();
  }

  private static String some(String text) {
    return text.isBlank() ? NOTHING : text;
  }
}
