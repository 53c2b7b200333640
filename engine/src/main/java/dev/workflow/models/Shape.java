package dev.workflow.models;

import dev.workflow.engine.Models.Request;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** How a model is made to answer with a value; the first way that the provider takes is kept. */
enum Shape {
  /** The provider itself holds the answer to the schema. */
  NATIVE(
      "response_format|json_schema|output_config|output_format|output format|structured|grammar"),
  /** The answer is the arguments of a tool that must be called. */
  FORCED_TOOL("tool_choice|tools"),
  /** The system prompt alone says what the answer must be. */
  PROMPT("");

  /** The tool whose arguments are the answer. */
  static final String ANSWER_TOOL = "final_answer";

  /** What servers answer to a request that they cannot take. */
  private static final Set<Integer> REFUSALS = Set.of(400, 404, 422, 501);

  /** The words of a complaint about this way; the last way has none. */
  private final String complaints;

  Shape(String complaints) {
    this.complaints = complaints;
  }

  /** Whether an error says that the provider does not take this way. */
  boolean isRefusedBy(int status, String body) {
    if (!REFUSALS.contains(status)) {
      return false;
    }
    String lower = body.toLowerCase(Locale.ROOT);
    return !complaints.isEmpty()
        && List.of(complaints.split("\\|", -1)).stream().anyMatch(lower::contains);
  }

  /** The ways to try, the best first. */
  static List<Shape> of(Request request, Endpoint endpoint) {
    JsonNode schema = request.outputSchema();
    if (schema == null || !"object".equals(schema.path("type").asString(""))) {
      return List.of(PROMPT);
    }
    boolean plain = request.tools().isEmpty();
    return switch (endpoint.dialect()) {
      // Servers that only speak OpenAI's protocol tend to answer at once, or to fail, when tools
      // and a response format come together.
      case OPENAI ->
          endpoint.official() || plain ? List.of(NATIVE, FORCED_TOOL, PROMPT) : List.of(PROMPT);
      case ANTHROPIC -> anthropic(request, schema);
      // With a format, Ollama never calls a tool; and it cannot be told to call one.
      case OLLAMA -> plain ? List.of(NATIVE, PROMPT) : List.of(PROMPT);
    };
  }

  /** A model that thinks cannot be forced to call a tool. */
  private static List<Shape> anthropic(Request request, JsonNode schema) {
    boolean thinks = request.model().reasoning() != null;
    if (StrictSchema.isClosed(schema)) {
      return thinks ? List.of(NATIVE, PROMPT) : List.of(NATIVE, FORCED_TOOL, PROMPT);
    }
    return thinks ? List.of(PROMPT) : List.of(FORCED_TOOL, PROMPT);
  }
}
