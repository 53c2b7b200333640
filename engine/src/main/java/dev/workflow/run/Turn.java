package dev.workflow.run;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One entry of an agent's conversation after its prompt, in order. */
public sealed interface Turn {

  /** The model spoke, and perhaps asked for tools. */
  record Replied(ModelReply reply) implements Turn {}

  /**
   * A tool that it asked for gave this, or did not.
   *
   * @param id the model's own id of the call
   * @param output absent when there is an error
   * @param content the blocks that it gave; absent: they say no more than the output
   */
  record ToolEnded(
      String id,
      String name,
      @Nullable JsonNode output,
      @Nullable JsonNode content,
      @Nullable String error)
      implements Turn {

    /** An end without blocks of content, or with none that say more than the output. */
    public ToolEnded(String id, String name, @Nullable JsonNode output, @Nullable String error) {
      this(id, name, output, null, error);
    }
  }
}
