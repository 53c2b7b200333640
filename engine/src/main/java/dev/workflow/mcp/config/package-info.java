/** The files that define MCP servers: changed in place, and read in the shapes of other clients. */
@org.jspecify.annotations.NullMarked
package dev.workflow.mcp.config;
