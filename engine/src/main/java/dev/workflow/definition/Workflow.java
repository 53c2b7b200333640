package dev.workflow.definition;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A workflow in its long form. Maps keep the author's order.
 *
 * @param inputSchema JSON Schema of the inputs, an object
 * @param models alias to the models that serve it, tried in order
 * @param simulate path of the scripted answers, relative to the file
 * @param servers alias to its entry of {@code mcp:}, as written
 * @param bindings capability to {@code server/tool}
 * @param outputs name to a value whose texts may hold {@code ${...}} expressions
 * @param document the long form itself, from which an equal workflow can be read again
 */
public record Workflow(
    String name,
    @Nullable String version,
    @Nullable String description,
    JsonNode inputSchema,
    Map<String, List<ModelRef>> models,
    @Nullable String simulate,
    Map<String, JsonNode> servers,
    Map<String, Agent> agents,
    Map<String, String> bindings,
    Limits limits,
    List<Step> steps,
    Map<String, JsonNode> outputs,
    JsonNode document) {

  public Workflow {
    models = ordered(models);
    servers = ordered(servers);
    agents = ordered(agents);
    bindings = ordered(bindings);
    steps = List.copyOf(steps);
    outputs = ordered(outputs);
  }

  /** The same workflow, with other scripted answers. */
  public Workflow simulatedBy(String answers) {
    return new Workflow(
        name,
        version,
        description,
        inputSchema,
        models,
        answers,
        servers,
        agents,
        bindings,
        limits,
        steps,
        outputs,
        document);
  }

  /** The steps of all its graphs, each before those inside it and what undoes it. */
  public List<Step> allSteps() {
    List<Step> all = new ArrayList<>();
    add(steps, all);
    return Collections.unmodifiableList(all);
  }

  private static void add(List<Step> steps, List<Step> all) {
    for (Step step : steps) {
      all.add(step);
      if (step.verb() instanceof Verb.Group group) {
        add(group.steps(), all);
      }
      if (step.undo() != null) {
        add(List.of(step.undo()), all);
      }
    }
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
