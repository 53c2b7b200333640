package dev.workflow.engine;

import dev.workflow.definition.Effect;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A tool that a server offers.
 *
 * @param outputSchema of {@code structuredContent}; absent: the server declares none
 * @param effect class after override, approval and annotations
 * @param openWorld whether it reaches beyond what is under the server's control, such as the web;
 *     what says nothing of itself does
 * @param digest SHA-256 over the canonical definition, hexadecimal
 */
public record ToolSpec(
    String server,
    String name,
    String title,
    String description,
    JsonNode inputSchema,
    @Nullable JsonNode outputSchema,
    Effect effect,
    boolean openWorld,
    String digest) {

  /** {@code server/tool}. */
  public String fullName() {
    return server + "/" + name;
  }
}
