package dev.workflow.engine;

import dev.workflow.run.Event.Reaction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Asks a person for what a server wants before it answers a call. */
@FunctionalInterface
public interface Elicitor {

  /** Nobody, for calls that no run makes: every question counts as dismissed. */
  Elicitor NOBODY = wanted -> Mono.just(new Elicited(Reaction.CANCEL, null));

  /**
   * Asks; the call is waited for meanwhile, however long it takes.
   *
   * @return what the server is to be told; never, where the call is given up instead
   */
  Mono<Elicited> elicit(Elicitation wanted);

  /**
   * What a server wants.
   *
   * @param form JSON Schema of it: an object whose fields have plain types
   */
  record Elicitation(String message, JsonNode form) {}

  /**
   * What a server is told.
   *
   * @param content what the form asks for; only where it is given
   */
  record Elicited(Reaction reaction, @Nullable JsonNode content) {}
}
