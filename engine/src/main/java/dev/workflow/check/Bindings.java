package dev.workflow.check;

import dev.workflow.engine.ToolSpec;
import java.util.List;
import java.util.Map;

/**
 * Which tools a workflow may call.
 *
 * @param tools by {@code server/tool}
 * @param capabilities capability to {@code server/tool}
 * @param alternatives capability to other {@code server/tool} names that could serve it, the best
 *     first
 * @param ofOwners what capabilities of skills are bound to, by agent
 * @param agentTools agent to the {@code server/tool} names it may use
 */
record Bindings(
    Map<String, ToolSpec> tools,
    Map<String, String> capabilities,
    Map<String, List<String>> alternatives,
    Map<String, List<String>> agentTools,
    Map<String, Map<String, ToolSpec>> ofOwners,
    List<BoundCapability> notes) {}
