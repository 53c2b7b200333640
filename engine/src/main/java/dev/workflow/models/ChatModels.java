package dev.workflow.models;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel.AnthropicStreamingChatModelBuilder;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Conversations;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Offer;
import dev.workflow.engine.Models.Request;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The library's model and request for one of our requests. */
final class ChatModels {

  /** OpenAI takes no longer description of a tool. */
  private static final int OPENAI_DESCRIPTION_CHARS = 1_024;

  private static final int OLLAMA_SMALLEST_WINDOW = 8_192;
  private static final int OLLAMA_LARGEST_WINDOW = 131_072;
  private static final int CHARS_PER_TOKEN = 3;

  /** The library insists on a key; the real one is put in by {@link Exchange}. */
  private static final String NO_KEY = "none";

  private ChatModels() {}

  static StreamingChatModel model(
      Request request, Endpoint endpoint, Shape shape, HttpClientBuilder http) {
    return switch (endpoint.dialect()) {
      case OPENAI -> openai(request, endpoint, shape, http);
      case ANTHROPIC -> anthropic(request, endpoint, http);
      case OLLAMA -> ollama(request, endpoint, http);
    };
  }

  /** The bound on the tokens of a reply that a provider is given, reasoning among them. */
  static int mostTokens(ModelRef model, Endpoint.Dialect dialect) {
    boolean reasons =
        switch (dialect) {
          case OPENAI -> Reasoning.always(model) || model.reasoning() != null;
          case ANTHROPIC -> model.reasoning() != null;
          case OLLAMA -> false;
        };
    return Conversations.maxTokens(model) + (reasons ? Reasoning.tokens(model.reasoning()) : 0);
  }

  static ChatRequest request(Request request, Endpoint endpoint, Shape shape) {
    ChatRequest.Builder chat =
        ChatRequest.builder().messages(ChatMessages.of(request, endpoint.dialect()));
    List<ToolSpecification> tools = new ArrayList<>();
    request.tools().forEach(offer -> tools.add(tool(offer, endpoint)));
    JsonNode schema = request.outputSchema();
    if (schema != null && shape == Shape.NATIVE) {
      chat.responseFormat(format(schema));
    }
    if (schema != null && shape == Shape.FORCED_TOOL) {
      tools.add(
          tool(
              new Offer(Shape.ANSWER_TOOL, "Gives your final answer and ends your work.", schema),
              endpoint));
      chat.toolChoice(ToolChoice.REQUIRED);
    }
    if (!tools.isEmpty()) {
      chat.toolSpecifications(tools);
    }
    return chat.build();
  }

  private static StreamingChatModel openai(
      Request request, Endpoint endpoint, Shape shape, HttpClientBuilder http) {
    ModelRef model = request.model();
    boolean reasons = Reasoning.always(model) || model.reasoning() != null;
    JsonNode schema = request.outputSchema();
    OpenAiStreamingChatModelBuilder builder =
        OpenAiStreamingChatModel.builder()
            .httpClientBuilder(http)
            .baseUrl(endpoint.url())
            .apiKey(NO_KEY)
            .modelName(model.model())
            .reasoningEffort(model.reasoning())
            .seed(seed(request))
            .temperature(reasons ? null : model.temperature())
            .strictJsonSchema(
                shape == Shape.NATIVE && schema != null && StrictSchema.isComplete(schema));
    // Only OpenAI itself is sure to know the newer name of the bound.
    int most = mostTokens(model, endpoint.dialect());
    return endpoint.official()
        ? builder.maxCompletionTokens(most).build()
        : builder.maxTokens(most).build();
  }

  private static StreamingChatModel anthropic(
      Request request, Endpoint endpoint, HttpClientBuilder http) {
    ModelRef model = request.model();
    boolean thinks = model.reasoning() != null;
    AnthropicStreamingChatModelBuilder builder =
        AnthropicStreamingChatModel.builder()
            .httpClientBuilder(http)
            .baseUrl(endpoint.url())
            .apiKey(NO_KEY)
            .modelName(model.model())
            .temperature(AnthropicThinking.takesTemperature(model) ? model.temperature() : null)
            .maxTokens(mostTokens(model, endpoint.dialect()))
            .cacheSystemMessages(true)
            .cacheTools(true)
            .returnThinking(thinks)
            .sendThinking(thinks);
    return builder.build();
  }

  private static StreamingChatModel ollama(
      Request request, Endpoint endpoint, HttpClientBuilder http) {
    ModelRef model = request.model();
    return OllamaStreamingChatModel.builder()
        .httpClientBuilder(http)
        .baseUrl(endpoint.url())
        .modelName(model.model())
        .temperature(model.temperature())
        .seed(seed(request))
        .numPredict(mostTokens(model, endpoint.dialect()))
        .numCtx(window(request))
        .think(model.reasoning() == null ? null : Boolean.TRUE)
        .returnThinking(true)
        .build();
  }

  /**
   * Ollama silently forgets the start of a conversation that is longer than its window, and loads
   * the model again for another one: hence powers of two.
   */
  private static int window(Request request) {
    long chars = request.system().length();
    for (Message message : request.messages()) {
      chars +=
          switch (message) {
            case Message.User user -> user.text().length();
            case Message.Assistant said -> said.text().length() + said.calls().toString().length();
            case Message.ToolOutput output -> output.text().length();
          };
    }
    for (Offer offer : request.tools()) {
      chars += offer.description().length() + offer.inputSchema().toString().length();
    }
    long needed =
        chars / CHARS_PER_TOKEN
            + ImageTokens.of(request)
            + Conversations.maxTokens(request.model());
    int window = OLLAMA_SMALLEST_WINDOW;
    while (window < needed && window < OLLAMA_LARGEST_WINDOW) {
      window *= 2;
    }
    return window;
  }

  private static @Nullable Integer seed(Request request) {
    Long seed = request.seed();
    return seed == null ? null : Integer.valueOf(seed.intValue());
  }

  private static ResponseFormat format(JsonNode schema) {
    return ResponseFormat.builder()
        .type(ResponseFormatType.JSON)
        .jsonSchema(
            JsonSchema.builder()
                .name("answer")
                .rootElement(JsonRawSchema.from(schema.toString()))
                .build())
        .build();
  }

  /** The schema is left to {@link RequestBody}, which sends it as it is. */
  private static ToolSpecification tool(Offer offer, Endpoint endpoint) {
    String description = offer.description();
    boolean tooLong = endpoint.official() && description.length() > OPENAI_DESCRIPTION_CHARS;
    boolean openai = endpoint.dialect() == Endpoint.Dialect.OPENAI;
    return ToolSpecification.builder()
        .name(offer.name())
        .description(
            openai && tooLong
                ? description.substring(0, OPENAI_DESCRIPTION_CHARS - 3) + "..."
                : description)
        .parameters(JsonObjectSchema.builder().build())
        .build();
  }
}
