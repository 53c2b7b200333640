/** HTTP to servers of others: which addresses, which redirects, through which proxy, how much. */
@org.jspecify.annotations.NullMarked
package dev.workflow.mcp.remote;
