package dev.workflow.engine;

import java.util.Map;

/** How tools have done in earlier runs. */
@FunctionalInterface
public interface ToolExperience {

  /** No earlier runs. */
  ToolExperience NONE = capability -> Map.of();

  /** How each {@code server/tool} has done that served the capability. */
  Map<String, Tally> with(String capability);

  /** Calls that gave a result, and calls that did not. */
  record Tally(int succeeded, int failed) {}
}
