package dev.workflow.assembly;

import dev.workflow.check.RunInputs.Given;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Prices;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A new run that goes on from a step of another. Nothing is done yet.
 *
 * @param events of the new run, from its start on
 * @param repeated calls of class write or destructive that the other run made and this one would
 *     make again
 * @param problems why it cannot be; empty: it can
 */
public record Fork(
    String run, List<Recorded> events, List<Event.ToolCalled> repeated, List<Problem> problems) {
  public Fork {
    events = List.copyOf(events);
    repeated = List.copyOf(repeated);
    problems = List.copyOf(problems);
  }

  /**
   * What is wanted.
   *
   * @param run id of the new run
   * @param from the run that it goes on from
   * @param at the step that runs anew, with all that depends on it
   * @param output that the step is to have, without running; absent: it runs
   * @param inputs that have another value
   * @param models alias to the model that serves it from now on
   * @param prices of these models
   */
  public record Wish(
      String run,
      String from,
      StepPath at,
      @Nullable JsonNode output,
      Map<String, Given> inputs,
      Map<String, ModelRef> models,
      Prices prices) {
    public Wish {
      inputs = Map.copyOf(inputs);
      models = Map.copyOf(models);
    }
  }
}
