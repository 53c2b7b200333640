package dev.workflow.engine;

import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.run.Plan;
import dev.workflow.run.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The outputs of a run: the {@code outputs:} of the workflow, else the outputs of the steps on
 * which no other step builds. Those that do not exist are left out.
 *
 * @param missing what was left out, with the reason
 */
record RunOutputs(Map<String, JsonNode> values, List<String> missing) {

  static RunOutputs of(RunState run, CompiledWorkflow workflow) {
    return workflow.outputs().isEmpty() ? ofLastSteps(run) : declared(run, workflow);
  }

  private static RunOutputs declared(RunState run, CompiledWorkflow workflow) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Expression> output : workflow.outputs().entrySet()) {
      switch (output.getValue().evaluate(RunValues.of(run))) {
        case Outcome.Value value -> values.put(output.getKey(), value.value());
        case Outcome.Missing without ->
            missing.add(
                "Output "
                    + output.getKey()
                    + " is left out: "
                    + String.join(", ", without.steps())
                    + " gave none");
        case Outcome.Failed failed ->
            missing.add("Output " + output.getKey() + " is left out: " + failed.message());
      }
    }
    return new RunOutputs(Collections.unmodifiableMap(values), missing);
  }

  private static RunOutputs ofLastSteps(RunState run) {
    List<Plan.Node> nodes = run.start().plan().nodes();
    boolean[] followed = new boolean[nodes.size()];
    nodes.forEach(node -> node.edges().forEach(edge -> followed[edge.source()] = true));
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      JsonNode output = followed[i] ? null : run.output(nodes.get(i).id());
      if (output != null) {
        values.put(nodes.get(i).id(), output);
      }
    }
    return new RunOutputs(Collections.unmodifiableMap(values), List.of());
  }
}
