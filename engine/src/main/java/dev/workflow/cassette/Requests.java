package dev.workflow.cassette;

import dev.workflow.engine.Canonical;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.engine.ResolvedJson;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Requests as JSON: everything that can change an answer, and nothing else. */
final class Requests {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** The fields of a request to a model, in their order. */
  static final List<String> FIELDS =
      List.of("agent", "turn", "model", "seed", "system", "tools", "output", "messages");

  private Requests() {}

  static ObjectNode tool(String server, String tool, String digest, JsonNode arguments) {
    ObjectNode request = JSON.objectNode();
    request.put("tool", server + "/" + tool);
    request.put("definition", digest);
    request.set("arguments", arguments);
    return request;
  }

  static ObjectNode model(Models.Request asked) {
    ObjectNode request = JSON.objectNode();
    request.put("agent", asked.agent());
    request.put("turn", asked.turn());
    request.set("model", ResolvedJson.model(asked.model()));
    if (asked.seed() != null) {
      request.put("seed", asked.seed());
    }
    request.put("system", asked.system());
    ObjectNode offers = request.putObject("tools");
    for (Models.Offer offer : asked.tools()) {
      ArrayNode definition = JSON.arrayNode();
      definition.add(offer.description()).add(offer.inputSchema());
      offers.put(offer.name(), Canonical.hash(definition));
    }
    JsonNode output = asked.outputSchema();
    if (output != null) {
      request.set("output", output);
    }
    ArrayNode messages = request.putArray("messages");
    asked.messages().forEach(message -> messages.add(message(message)));
    return request;
  }

  private static ObjectNode message(Message message) {
    ObjectNode node = JSON.objectNode();
    switch (message) {
      case Message.User user -> node.put("user", user.text());
      case Message.Assistant said -> {
        node.put("assistant", said.text());
        JsonNode reasoning = said.reasoning();
        if (reasoning != null) {
          node.set("reasoning", reasoning);
        }
        if (!said.calls().isEmpty()) {
          node.set("calls", calls(said.calls()));
        }
      }
      case Message.ToolOutput output -> {
        node.put("result", output.text());
        node.put("of", output.name());
        node.put("id", output.id());
        if (output.error()) {
          node.put("error", true);
        }
        if (!output.images().isEmpty()) {
          ArrayNode images = node.putArray("images");
          output.images().forEach(image -> images.add(Canonical.hash(image.data())));
        }
      }
    }
    return node;
  }

  static ArrayNode calls(List<Wanted> wanted) {
    ArrayNode calls = JSON.arrayNode();
    for (Wanted call : wanted) {
      ObjectNode one = calls.addObject();
      one.put("id", call.id());
      one.put("tool", call.name());
      one.set("arguments", call.arguments());
    }
    return calls;
  }
}
