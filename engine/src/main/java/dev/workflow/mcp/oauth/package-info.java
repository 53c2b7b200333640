/** Logins at remote servers: where to log in, the tokens that come of it, and their renewal. */
@org.jspecify.annotations.NullMarked
package dev.workflow.mcp.oauth;
