package dev.workflow.engine;

import dev.workflow.definition.ModelRef;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.StepError;
import dev.workflow.run.StepPath;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Chat models behind one way to ask. */
public interface Models {

  /**
   * Why the model cannot be asked.
   *
   * @return empty when it can, that is when its key or base URL is configured; else one sentence
   *     that says what to set
   */
  Optional<String> unusable(ModelRef model);

  /**
   * What a request can take at most, whatever is answered: no provider may bill more. A function of
   * the request alone.
   */
  Bound bound(Request request);

  /**
   * Bounds on the tokens of one request and its reply.
   *
   * @param outputTokens reasoning among them
   */
  record Bound(long inputTokens, long outputTokens) {}

  /**
   * A digest of who asks whom: the address and the key, or the script that answers. It may give a
   * weak secret away to who can guess, so it is never written as it is.
   */
  String identity(ModelRef model);

  /**
   * Asks. Cancelling the subscription gives the request up.
   *
   * @param progress told about each piece of streamed text
   * @return the reply; errors with {@link ModelException}
   */
  Mono<Reply> ask(Request request, Consumer<String> progress);

  /**
   * One request.
   *
   * @param agent and {@code step}, {@code turn}: who asks, for scripted answers
   * @param call what the run calls it, such as {@code plan#1}; empty: it is not made, only bounded
   * @param tools what the model may call; empty: nothing
   * @param outputSchema of the final answer; absent: text
   * @param seed for deterministic policies; absent: none
   * @param scope what scripted answers may read beside the conversation, an object: {@code inputs}
   *     of the run and whatever else the driver gives; models never see it
   */
  record Request(
      ModelRef model,
      String agent,
      StepPath step,
      String call,
      int turn,
      String system,
      List<Message> messages,
      List<Offer> tools,
      @Nullable JsonNode outputSchema,
      @Nullable Long seed,
      JsonNode scope) {
    public Request {
      messages = List.copyOf(messages);
      tools = List.copyOf(tools);
    }
  }

  /**
   * A tool as a model sees it.
   *
   * @param name matches {@code [a-zA-Z0-9_-]{1,64}}
   */
  record Offer(String name, String description, JsonNode inputSchema) {}

  /** One message of a conversation. */
  sealed interface Message {
    /** From the engine, in the name of the author. */
    record User(String text) implements Message {}

    /**
     * From the model.
     *
     * @param reasoning opaque block to send back; absent: none
     */
    record Assistant(String text, @Nullable JsonNode reasoning, List<Wanted> calls)
        implements Message {
      public Assistant {
        calls = List.copyOf(calls);
      }
    }

    /**
     * The result of a tool call.
     *
     * @param value the whole result for scripted answers; {@code text} is the capped view of it
     * @param images of the result, which the model is shown beside the text
     */
    record ToolOutput(
        String id,
        String name,
        String text,
        @Nullable JsonNode value,
        boolean error,
        List<Image> images)
        implements Message {
      public ToolOutput {
        images = List.copyOf(images);
      }

      /** A result of which the model is shown the text alone. */
      public ToolOutput(
          String id, String name, String text, @Nullable JsonNode value, boolean error) {
        this(id, name, text, value, error, List.of());
      }
    }
  }

  /**
   * An image as a model is shown it.
   *
   * @param mimeType {@code image/png}, {@code image/jpeg}, {@code image/gif} or {@code image/webp}
   * @param data in Base64
   */
  record Image(String mimeType, String data) {}

  /** A tool call that a model asks for; arguments that are no JSON object arrive as text. */
  record Wanted(String id, String name, JsonNode arguments) {}

  /**
   * What a model answered.
   *
   * @param structured the answer as a value where the provider gave one; absent: read it from the
   *     text
   * @param truncated whether the reply was cut by the token bound
   */
  record Reply(
      String text,
      @Nullable JsonNode reasoning,
      List<Wanted> calls,
      @Nullable JsonNode structured,
      boolean truncated,
      Usage usage) {
    public Reply {
      calls = List.copyOf(calls);
    }
  }

  /** A request that gave no reply. */
  final class ModelException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient StepError error;
    private final boolean possiblyBilled;

    /**
     * A failure.
     *
     * @param possiblyBilled whether the provider may charge for the request all the same
     */
    public ModelException(StepError error, boolean possiblyBilled) {
      super(error.message());
      this.error = error;
      this.possiblyBilled = possiblyBilled;
    }

    /** Whether the provider may charge for the request all the same. */
    public boolean possiblyBilled() {
      return possiblyBilled;
    }

    /** The reason, for people and for {@code retry.on}. */
    public StepError error() {
      return error;
    }
  }
}
