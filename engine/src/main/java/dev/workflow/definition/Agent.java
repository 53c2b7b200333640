package dev.workflow.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An agent: a model with instructions and the tools it may use.
 *
 * @param model alias of {@code models:}, or {@code provider/model}; absent: alias {@code default}
 * @param skill name of a skill folder
 * @param instructedBy id of the step of the outermost graph that gives its instructions; absent:
 *     they are written, or there are none
 * @param servers MCP servers whose tools it may use
 * @param tools names ({@code server/tool}) that narrow the servers' tools; empty: all of them
 * @param limits what all steps that run it may use up together; its tool calls also bound one
 *     attempt, in the place of {@link #DEFAULT_TOOL_CALLS}
 * @param planTools whether it may write plans over its tools and run them
 */
public record Agent(
    String name,
    @Nullable String model,
    @Nullable String skill,
    @Nullable String instructions,
    @Nullable String instructedBy,
    List<String> servers,
    List<String> tools,
    Policy policy,
    Allowance limits,
    boolean planTools) {

  /** Most tool calls of one attempt where neither step, agent nor skill says. */
  public static final int DEFAULT_TOOL_CALLS = 50;

  public Agent {
    servers = List.copyOf(servers);
    tools = List.copyOf(tools);
  }
}
