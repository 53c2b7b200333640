package dev.workflow.cassette;

import dev.workflow.cassette.Cassette.Asked;
import dev.workflow.cassette.Cassette.Call;
import dev.workflow.cassette.Cassette.Kind;
import dev.workflow.cassette.Cassette.Previous;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Price;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.ToolSpec;
import dev.workflow.run.RunStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A cassette as JSON. Of a request to a model that follows another one of its step only what is
 * different is written.
 */
final class CassetteJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CassetteJson() {}

  static ObjectNode write(Cassette cassette) {
    ObjectNode file = JSON.objectNode();
    file.put("cassette", Cassette.VERSION);
    file.put("workflow", cassette.workflow());
    file.put("run", cassette.run());
    file.put("started", cassette.started().toString());
    if (cassette.simulated()) {
      file.put("simulated", true);
    }
    file.set("inputs", cassette.inputs());
    Previous previous = cassette.previous();
    if (previous != null) {
      file.putObject("previous")
          .put("started", previous.started().toString())
          .set("outputs", previous.outputs());
    }
    file.put("status", cassette.status().word());
    file.set("outputs", cassette.outputs());
    ArrayNode calls = file.putArray("calls");
    Map<String, ObjectNode> before = new LinkedHashMap<>();
    for (Call call : cassette.calls()) {
      calls.add(write(call, before));
    }
    ArrayNode people = file.putArray("people");
    cassette.people().forEach(asked -> people.add(write(asked)));
    definition(cassette, file);
    return file;
  }

  private static void definition(Cassette cassette, ObjectNode file) {
    ObjectNode models = file.putObject("models");
    cassette
        .models()
        .forEach(
            (alias, served) -> {
              ArrayNode list = models.putArray(alias);
              served.forEach(model -> list.add(ResolvedJson.model(model)));
            });
    ArrayNode chosen = JSON.arrayNode();
    cassette.chosen().forEach(chosen::add);
    if (!chosen.isEmpty()) {
      file.set("chosen", chosen);
    }
    ObjectNode prices = JSON.objectNode();
    cassette.prices().forEach((model, price) -> prices.set(model, price.entry()));
    if (!prices.isEmpty()) {
      file.set("prices", prices);
    }
    ObjectNode bindings = file.putObject("bindings");
    cassette.bindings().forEach(bindings::put);
    ObjectNode tools = file.putObject("tools");
    cassette.tools().forEach((name, tool) -> tools.set(name, ResolvedJson.tool(tool)));
  }

  private static ObjectNode write(Call call, Map<String, ObjectNode> before) {
    ObjectNode node = JSON.objectNode();
    node.put("call", call.id());
    ObjectNode request = call.request();
    if (call.kind() == Kind.MODEL) {
      ObjectNode earlier = before.put(call.step(), request);
      request = earlier == null ? request : FollowUps.shortened(request, earlier);
    }
    node.set(call.kind().name().toLowerCase(Locale.ROOT), request);
    node.set("answer", call.answer());
    return node.put("after", call.after().toString());
  }

  private static ObjectNode write(Asked asked) {
    ObjectNode node = JSON.objectNode();
    node.put("step", asked.step());
    node.put("kind", asked.kind());
    node.put("text", asked.text());
    if (asked.form() != null) {
      node.set("form", asked.form());
    }
    if (asked.answer() != null) {
      node.set("answer", asked.answer());
    }
    if (asked.expired()) {
      node.put("expired", true);
    }
    if (asked.answer() != null || asked.expired()) {
      node.put("after", asked.after().toString());
    }
    return node;
  }

  /**
   * Reads what fits {@code cassette.schema.json}.
   *
   * @throws IllegalArgumentException where it does not hold together
   */
  static Cassette read(JsonNode file) {
    Map<String, List<ModelRef>> models = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> alias : file.path("models").properties()) {
      List<ModelRef> served = new ArrayList<>();
      alias.getValue().forEach(model -> served.add(ResolvedJson.readModel(model)));
      models.put(alias.getKey(), served);
    }
    Set<String> chosen = new LinkedHashSet<>();
    file.path("chosen").forEach(alias -> chosen.add(alias.asString()));
    Map<String, Price> prices = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> price : file.path("prices").properties()) {
      Price.of(price.getValue()).ifPresent(known -> prices.put(price.getKey(), known));
    }
    Map<String, String> bindings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> binding : file.path("bindings").properties()) {
      bindings.put(binding.getKey(), binding.getValue().asString());
    }
    Map<String, ToolSpec> tools = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> tool : file.path("tools").properties()) {
      tools.put(tool.getKey(), ResolvedJson.readTool(tool.getKey(), tool.getValue()));
    }
    List<Asked> people = new ArrayList<>();
    file.path("people").forEach(asked -> people.add(readAsked(asked)));
    return new Cassette(
        file.path("run").asString(),
        file.path("workflow").asString(),
        Instant.parse(file.path("started").asString()),
        file.path("simulated").asBoolean(false),
        file.path("inputs").asObject(),
        file.has("previous") ? previous(file.path("previous")) : null,
        models,
        chosen,
        prices,
        bindings,
        tools,
        readCalls(file.path("calls")),
        people,
        RunStatus.valueOf(file.path("status").asString().toUpperCase(Locale.ROOT)),
        file.path("outputs").asObject());
  }

  /** What an earlier run gave, as a journal keeps it too. */
  static Previous previous(JsonNode node) {
    return new Previous(
        Instant.parse(node.path("started").asString()), node.path("outputs").asObject());
  }

  private static List<Call> readCalls(JsonNode list) {
    List<Call> calls = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>();
    Map<String, ObjectNode> before = new LinkedHashMap<>();
    for (JsonNode node : list) {
      String id = node.path("call").asString();
      if (!ids.add(id)) {
        throw new IllegalArgumentException("two calls are " + id);
      }
      boolean model = node.has("model");
      ObjectNode request = node.path(model ? "model" : "tool").asObject();
      String step = id.substring(0, id.lastIndexOf('#'));
      if (model) {
        request = FollowUps.whole(request, before.get(step));
        before.put(step, request);
      }
      calls.add(
          new Call(
              id,
              model ? Kind.MODEL : Kind.TOOL,
              request,
              node.path("answer").asObject(),
              Duration.parse(node.path("after").asString())));
    }
    return calls;
  }

  private static Asked readAsked(JsonNode node) {
    return new Asked(
        node.path("step").asString(),
        node.path("kind").asString(),
        node.path("text").asString(),
        node.get("form"),
        node.get("answer"),
        node.path("expired").asBoolean(false),
        Duration.parse(node.path("after").asString("PT0S")));
  }
}
