package dev.workflow.engine;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Has a model asked for a server that wants that before it answers a call. */
@FunctionalInterface
public interface Sampler {

  /** No model, for calls that no run makes. */
  Sampler NONE =
      wanted -> Mono.error(new RefusedException("no run makes the call, so no model is asked"));

  /**
   * Asks; the call is waited for meanwhile, however long it takes.
   *
   * @return what the server is to be told, as MCP has it: {@code role}, {@code content}, {@code
   *     model}, {@code stopReason}; errors with {@link RefusedException}; never, where the call is
   *     given up instead
   */
  Mono<JsonNode> sample(Sampling wanted);

  /**
   * What a server wants.
   *
   * @param alias of the models to ask, as its entry has it; absent: those of the agent whose step
   *     makes the call
   * @param request {@code system}, absent for none; {@code messages} of {@code role}, {@code user}
   *     or {@code assistant}, and {@code text}; {@code max_tokens}; {@code stop}, texts that end
   *     the reply, absent for none
   */
  record Sampling(@Nullable String alias, JsonNode request) {}

  /** No model is asked, or none has answered; the message is for the server. */
  final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedException(String message) {
      super(message);
    }
  }
}
