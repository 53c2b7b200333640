package dev.workflow.travel.protocol;

import tools.jackson.databind.node.ObjectNode;

/** What a tool call came to. */
public sealed interface ToolAnswer {
  /** A result: {@code structured} fits the tool's output schema, {@code text} says it in words. */
  record Result(ObjectNode structured, String text) implements ToolAnswer {}

  /** A tool execution error, for the caller to mend. */
  record Failure(String text) implements ToolAnswer {}
}
