/** Reads a journal back as what happened: graph, timeline, cost and reasons. */
@org.jspecify.annotations.NullMarked
package dev.workflow.trace;
