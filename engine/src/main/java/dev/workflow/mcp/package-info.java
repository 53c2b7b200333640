/** Reaches the tools of MCP servers and supervises the processes that serve them. */
@org.jspecify.annotations.NullMarked
package dev.workflow.mcp;
