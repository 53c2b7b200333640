package dev.workflow.definition;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An abstract ability of the shared vocabulary, such as {@code weather_forecast}.
 *
 * @param inputs words in the names of parameters that who needs it can usually supply; empty:
 *     unknown
 * @param outputs words for what it usually gives
 * @param tools tool names that are known to offer it
 * @param effect the effect class its tools usually have; absent: unknown
 * @param labels what its tools mean for the flow of information; empty: nothing
 */
public record Capability(
    String name,
    String description,
    Set<String> inputs,
    List<String> outputs,
    List<String> tools,
    @Nullable Effect effect,
    Set<Label> labels) {

  public Capability {
    inputs = Set.copyOf(inputs);
    outputs = List.copyOf(outputs);
    tools = List.copyOf(tools);
    labels = Set.copyOf(labels);
  }
}
