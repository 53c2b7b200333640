package dev.workflow.engine;

import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.run.Names;
import dev.workflow.run.Plan;
import dev.workflow.run.RunState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The outputs of a graph: its {@code outputs:}, else the outputs of the steps on which no other
 * step builds. Those that do not exist are left out.
 *
 * @param missing what was left out, with the reason
 */
record RunOutputs(Map<String, JsonNode> values, List<String> missing) {

  /** The outputs of the run. */
  static RunOutputs of(RunState run, CompiledWorkflow workflow) {
    RunValues values = RunValues.of(run, run.inputs(), run.names(), Map.of());
    return of(workflow.outputs(), values, run.plan().nodes(), run.names());
  }

  /**
   * The outputs of a graph.
   *
   * @param declared its {@code outputs:}; empty: there are none
   * @param values what they read
   * @param nodes of the graph
   * @param names what ids mean inside it
   */
  static RunOutputs of(
      Map<String, Expression> declared, RunValues values, List<Plan.Node> nodes, Names names) {
    return declared.isEmpty() ? ofLastSteps(nodes, names) : declared(declared, values);
  }

  private static RunOutputs declared(Map<String, Expression> outputs, RunValues read) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Expression> output : outputs.entrySet()) {
      switch (output.getValue().evaluate(read)) {
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

  private static RunOutputs ofLastSteps(List<Plan.Node> nodes, Names names) {
    boolean[] followed = new boolean[nodes.size()];
    nodes.forEach(node -> node.edges().forEach(edge -> followed[edge.source()] = true));
    Map<String, JsonNode> values = new LinkedHashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      JsonNode output = followed[i] ? null : names.output(nodes.get(i).id());
      if (output != null) {
        values.put(nodes.get(i).id(), output);
      }
    }
    return new RunOutputs(Collections.unmodifiableMap(values), List.of());
  }
}
