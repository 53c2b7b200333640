package dev.workflow.definition;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An abstract ability of the shared vocabulary, such as {@code weather_forecast}.
 *
 * @param tools tool names that are known to offer it
 * @param effect the effect class its tools usually have; absent: unknown
 * @param labels what its tools mean for the flow of information; empty: nothing
 */
public record Capability(
    String name,
    String description,
    List<String> tools,
    @Nullable Effect effect,
    Set<Label> labels) {

  public Capability {
    tools = List.copyOf(tools);
    labels = Set.copyOf(labels);
  }
}
