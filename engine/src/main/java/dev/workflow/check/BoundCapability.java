package dev.workflow.check;

/**
 * Why a capability is served by a tool.
 *
 * @param owner who needs it, such as {@code agent `planner`} or {@code step `forecast`}
 * @param tool {@code server/tool}
 */
public record BoundCapability(String owner, String capability, String tool, String reason) {}
