package dev.workflow.engine;

import dev.workflow.run.Event.Reaction;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

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
  record Elicitation(String message, JsonNode form) {

    /** What is given, and the defaults of the form for what is left out. */
    public ObjectNode completed(JsonNode given) {
      ObjectNode content = JsonNodeFactory.instance.objectNode();
      for (Map.Entry<String, JsonNode> field : form.path("properties").properties()) {
        JsonNode value = given.get(field.getKey());
        JsonNode standard = field.getValue().get("default");
        if (value != null || standard != null) {
          content.set(field.getKey(), value != null ? value : standard);
        }
      }
      given.properties().forEach(other -> content.putIfAbsent(other.getKey(), other.getValue()));
      return content;
    }
  }

  /**
   * What a server is told.
   *
   * @param content what the form asks for; only where it is given
   */
  record Elicited(Reaction reaction, @Nullable JsonNode content) {}
}
