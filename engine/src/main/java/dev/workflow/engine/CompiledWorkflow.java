package dev.workflow.engine;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.Expressions.Expression;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A workflow whose expressions are compiled: the check reads the references from it, the driver
 * evaluates it.
 *
 * @param steps by {@link Step#name}, in the author's order
 * @param outputs the values of {@code outputs:} by name
 * @param workflows those that its steps run, by the names of {@link Resolved#workflows}
 */
public record CompiledWorkflow(
    Map<String, CompiledStep> steps,
    Map<String, Expression> outputs,
    Map<String, CompiledWorkflow> workflows) {

  public CompiledWorkflow {
    workflows = Collections.unmodifiableMap(new LinkedHashMap<>(workflows));
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
  }

  /** The workflow of a name; empty: this one. */
  public CompiledWorkflow part(String name) {
    CompiledWorkflow part = name.isEmpty() ? this : workflows.get(name);
    if (part == null) {
      throw new IllegalArgumentException("There is no workflow " + name);
    }
    return part;
  }

  /**
   * The step that an id means to another step: one beside it or around it; absent: there is none.
   */
  public @Nullable CompiledStep seenFrom(Step step, String id) {
    String graph = step.name();
    while (!graph.isEmpty()) {
      graph = graph.substring(0, Math.max(0, graph.lastIndexOf('/')));
      CompiledStep found = steps.get(graph.isEmpty() ? id : graph + "/" + id);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /**
   * One step. What a step does not have is absent.
   *
   * @param body the verb's own text or value: the prompt, the arguments, the question, the value of
   *     {@code set}, the time of {@code wait}, the text of {@code fail}; of a group: nothing
   * @param agent the name of the agent where an expression gives it
   * @param probe how a lost call is probed
   * @param outputs of a group: its {@code outputs:} by name
   * @param outputSchema what one output (of an {@code each}: of one element) must satisfy
   * @param resultType JSON Schema of the step's whole output, of an {@code each} the list or map
   */
  public record CompiledStep(
      Step step,
      @Nullable Expression when,
      @Nullable Expression items,
      @Nullable Expression key,
      @Nullable Expression enough,
      Expression body,
      @Nullable Expression agent,
      @Nullable Expression until,
      @Nullable Expression reviseWhen,
      @Nullable Expression recovery,
      @Nullable Probe probe,
      Map<String, Expression> outputs,
      @Nullable JsonNode outputSchema,
      JsonNode resultType) {

    public CompiledStep {
      outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    /**
     * A step of the engine's own that is attached to this one. No key of the language is on it.
     *
     * @param effect of its calls; absent: that of the tool
     * @param type of what it gives, as a schema
     */
    CompiledStep attached(String id, Verb verb, @Nullable Effect effect, JsonNode type) {
      Step attached =
          new Step(
              id,
              verb,
              null,
              List.of(),
              null,
              null,
              null,
              null,
              Retry.NONE,
              null,
              new OnError.Fail(),
              effect,
              Allowance.NONE,
              null,
              null,
              null,
              step.pointer());
      return new CompiledStep(
          attached, null, null, null, null, body, null, null, null, null, null, Map.of(), null,
          type);
    }
  }

  /**
   * A {@link Step.Verify}.
   *
   * @param output absent: what the tool gives
   */
  public record Probe(Expression with, Expression done, @Nullable Expression output) {}
}
