package dev.workflow.cassette;

import dev.workflow.cassette.Cassette.Asked;
import dev.workflow.cassette.Cassette.Call;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Price;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.ToolSpec;
import dev.workflow.run.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a cassette has of the definition and the end of a run. */
final class Contents {
  private final Map<String, List<ModelRef>> models = new TreeMap<>();
  private final Set<String> chosen = new TreeSet<>();
  private final Map<String, Price> prices = new TreeMap<>();
  private final Map<String, String> bindings = new TreeMap<>();
  private final Map<String, ToolSpec> tools = new TreeMap<>();

  private Contents() {}

  static Cassette of(RunState run, List<Call> calls, List<Asked> people) {
    JsonNode definition = run.start().definition();
    Contents contents = new Contents();
    contents.take(definition);
    definition.path("workflows").forEach(contents::take);
    ObjectNode outputs = JsonNodeFactory.instance.objectNode();
    run.outputs().forEach(outputs::set);
    JsonNode previous = ResolvedJson.previousOf(definition);
    return new Cassette(
        run.start().run(),
        run.start().workflow(),
        run.startedAt(),
        run.start().simulated(),
        (ObjectNode) run.start().inputs(),
        previous == null ? null : CassetteJson.previous(previous),
        contents.models,
        contents.chosen,
        contents.prices,
        contents.bindings,
        contents.tools,
        calls,
        people,
        run.status(),
        outputs);
  }

  private void take(JsonNode definition) {
    for (Map.Entry<String, JsonNode> alias : definition.path("models").properties()) {
      List<ModelRef> served = new ArrayList<>();
      alias.getValue().forEach(model -> served.add(ResolvedJson.readModel(model)));
      models.putIfAbsent(alias.getKey(), served);
      JsonNode written = definition.at("/workflow/models").path(alias.getKey());
      if (!written.isMissingNode() && served.stream().noneMatch(one -> isNamed(written, one))) {
        chosen.add(alias.getKey());
      }
    }
    for (Map.Entry<String, JsonNode> price : definition.path("prices").properties()) {
      Price.of(price.getValue()).ifPresent(known -> prices.put(price.getKey(), known));
    }
    for (Map.Entry<String, JsonNode> binding : definition.path("bindings").properties()) {
      bindings.putIfAbsent(binding.getKey(), binding.getValue().asString());
    }
    for (Map.Entry<String, JsonNode> tool : definition.path("tools").properties()) {
      tools.putIfAbsent(tool.getKey(), ResolvedJson.readTool(tool.getKey(), tool.getValue()));
    }
  }

  /** Whether a list of models, as it is written, has the model. */
  private static boolean isNamed(JsonNode written, ModelRef model) {
    if (written.isArray()) {
      return written.valueStream().anyMatch(each -> isNamed(each, model));
    }
    JsonNode name = written.isObject() ? written.path("model") : written;
    return name.asString("").equals(model.name());
  }
}
