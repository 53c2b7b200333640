package dev.workflow.check;

import dev.workflow.engine.ToolSpec;
import java.util.List;

/**
 * Why a capability is served by a tool, or that an optional one is served by none.
 *
 * @param owner who needs it, such as {@code agent `planner`} or {@code step `forecast`}
 * @param tool {@code server/tool}, or {@code the engine}; empty: none
 * @param reason why this one, or what was looked at
 * @param candidates the tools that it was chosen from; none: they did not matter
 */
public record BoundCapability(
    String owner, String capability, String tool, String reason, List<ToolSpec> candidates) {
  public BoundCapability {
    candidates = List.copyOf(candidates);
  }
}
