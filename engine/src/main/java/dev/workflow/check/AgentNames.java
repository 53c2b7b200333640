package dev.workflow.check;

import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Which agents an {@code agent:} step may turn out to run. */
final class AgentNames {
  private AgentNames() {}

  /** Whether an expression gives the name. */
  static boolean isComputed(Verb.Agent agent) {
    return agent.agent().contains("${");
  }

  /**
   * The name as written, or the values that the type of its expression lists.
   *
   * @return empty when the type lists none
   */
  static Optional<Set<String>> of(Verb.Agent agent, @Nullable CompiledStep compiled) {
    if (!isComputed(agent)) {
      return Optional.of(Set.of(agent.agent()));
    }
    if (compiled == null || compiled.agent() == null) {
      return Optional.empty();
    }
    JsonNode type = compiled.agent().type();
    Set<String> names = new LinkedHashSet<>();
    if (type.path("const").isString()) {
      names.add(type.path("const").stringValue());
    }
    for (JsonNode value : type.path("enum")) {
      if (!value.isString()) {
        return Optional.empty();
      }
      names.add(value.stringValue());
    }
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }
}
