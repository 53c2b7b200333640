/** The MCP server of the travel example: computes from shipped data, with sources named. */
@org.jspecify.annotations.NullMarked
package dev.workflow.travel;
