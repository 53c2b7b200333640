package dev.workflow.run;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a model answered, already looked at by the rim.
 *
 * @param model {@code provider/model} that answered
 * @param text what it said
 * @param reasoning opaque block of the provider that goes back with the next request; absent: none
 * @param calls the tools it wants called; empty: this is its answer
 * @param output the answer as a value; absent while tools are called, or where it is no JSON
 * @param violations how the answer breaks the output schema; empty: it fits
 * @param cost of the reply and its request; absent: no price is known
 */
public record ModelReply(
    String model,
    String text,
    @Nullable JsonNode reasoning,
    List<WantedCall> calls,
    @Nullable JsonNode output,
    List<String> violations,
    Usage usage,
    @Nullable Money cost) {
  public ModelReply {
    calls = List.copyOf(calls);
    violations = List.copyOf(violations);
  }

  /**
   * A tool call that a model asks for.
   *
   * @param id the model's own id of the call
   * @param name the tool name as the model wrote it
   * @param server empty for what the engine itself does, and when {@code problem} says that there
   *     is no such tool
   * @param problem why it cannot be called, told to the model; absent: it can
   * @param answer the result, for tools that the engine itself answers; absent: a real tool
   */
  public record WantedCall(
      String id,
      String name,
      String server,
      String tool,
      JsonNode arguments,
      String argumentsHash,
      String digest,
      Effect effect,
      @Nullable String problem,
      @Nullable String answer) {

    /** Whether it asks for the run of a plan, and not for a tool. */
    public boolean runsPlan() {
      return server.isEmpty() && problem == null && answer == null;
    }
  }

  /**
   * Tokens of one reply; parts that the provider does not report are 0.
   *
   * @param inputTokens all of the request, cached or not
   * @param outputTokens all of the reply, reasoning among them
   * @param cachedTokens those of the input that came from a cache
   * @param writtenTokens those of the input that were put into a cache
   */
  public record Usage(
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      long writtenTokens,
      long reasoningTokens) {
    /** No tokens. */
    public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

    /** Both together. */
    public Usage plus(Usage other) {
      return new Usage(
          inputTokens + other.inputTokens,
          outputTokens + other.outputTokens,
          cachedTokens + other.cachedTokens,
          writtenTokens + other.writtenTokens,
          reasoningTokens + other.reasoningTokens);
    }
  }
}
