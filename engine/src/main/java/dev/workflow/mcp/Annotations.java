package dev.workflow.mcp;

import dev.workflow.definition.Effect;
import tools.jackson.databind.JsonNode;

/** What a tool claims of itself. Without a claim a tool is taken for the worst, as MCP says. */
final class Annotations {
  private Annotations() {}

  /** The effect class of a tool's annotations: read-only first, then destructive by default. */
  static Effect effect(JsonNode tool) {
    JsonNode annotations = tool.path("annotations");
    if (annotations.path("readOnlyHint").asBoolean(false)) {
      return Effect.READ;
    }
    if (annotations.path("destructiveHint").asBoolean(true)) {
      return Effect.DESTRUCTIVE;
    }
    return annotations.path("idempotentHint").asBoolean(false) ? Effect.IDEMPOTENT : Effect.WRITE;
  }

  /** Whether a tool reaches beyond what its server holds. */
  static boolean openWorld(JsonNode tool) {
    return tool.path("annotations").path("openWorldHint").asBoolean(true);
  }
}
