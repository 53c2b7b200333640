package dev.workflow.cases;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Models that remember what they were asked. */
public final class Asked implements Models {
  private final Models models;
  private final List<ObjectNode> requests = new ArrayList<>();

  /** Asks others. */
  public Asked(Models models) {
    this.models = models;
  }

  /**
   * Each request: {@code {step, agent, turn, deterministic, tools, system, prompt, text?}}, in
   * order.
   */
  public ArrayNode requests() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    requests.forEach(all::add);
    return all;
  }

  @Override
  public Optional<String> unusable(ModelRef model) {
    return models.unusable(model);
  }

  @Override
  public Bound bound(Request request) {
    return models.bound(request);
  }

  @Override
  public String identity(ModelRef model) {
    return models.identity(model);
  }

  @Override
  public Mono<Reply> ask(Request request, Consumer<String> progress) {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    asked.put("step", request.step().toString());
    asked.put("agent", request.agent());
    asked.put("turn", request.turn());
    asked.put("deterministic", request.seed() != null);
    ArrayNode tools = asked.putArray("tools");
    request.tools().forEach(offer -> tools.add(offer.name()));
    asked.put("system", request.system());
    asked.put("prompt", prompt(request));
    requests.add(asked);
    return models.ask(request, progress).doOnNext(reply -> asked.put("text", text(reply)));
  }

  private static String prompt(Request request) {
    return request.messages().stream()
        .filter(Message.User.class::isInstance)
        .map(message -> ((Message.User) message).text())
        .findFirst()
        .orElse("");
  }

  private static String text(Reply reply) {
    JsonNode structured = reply.structured();
    return structured == null ? reply.text() : structured.toString();
  }
}
