package dev.workflow.engine;

import dev.workflow.definition.Step;
import dev.workflow.engine.Expressions.Expression;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A workflow whose expressions are compiled: the check reads the references from it, the driver
 * evaluates it.
 *
 * @param steps by id, in the author's order
 * @param outputs the values of {@code outputs:} by name
 */
public record CompiledWorkflow(Map<String, CompiledStep> steps, Map<String, Expression> outputs) {

  public CompiledWorkflow {
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
  }

  /**
   * One step. What a step does not have is absent.
   *
   * @param body the verb's own text or value: the prompt, the arguments, the question, the value of
   *     {@code set}, the time of {@code wait}, the text of {@code fail}
   * @param agent the name of the agent where an expression gives it
   * @param outputSchema what one output (of an {@code each}: of one element) must satisfy
   * @param resultType JSON Schema of the step's whole output, of an {@code each} the list or map
   */
  public record CompiledStep(
      Step step,
      @Nullable Expression when,
      @Nullable Expression items,
      @Nullable Expression key,
      Expression body,
      @Nullable Expression agent,
      @Nullable Expression reviseWhen,
      @Nullable Expression recovery,
      @Nullable JsonNode outputSchema,
      JsonNode resultType) {}
}
