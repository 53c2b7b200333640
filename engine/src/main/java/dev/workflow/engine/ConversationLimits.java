package dev.workflow.engine;

/**
 * How much of a conversation a model is shown.
 *
 * @param resultChars characters of one tool result, or of one output that follows a prompt
 * @param windowChars characters of the whole conversation, system prompt not counted
 * @param tools most tools offered at once; with more the agent searches them
 */
public record ConversationLimits(int resultChars, int windowChars, int tools) {

  /** What holds where nothing else is said. */
  public static final ConversationLimits DEFAULT = new ConversationLimits(100_000, 400_000, 20);

  public ConversationLimits {
    if (resultChars < 1_000 || windowChars < 2 * resultChars || tools < 1) {
      throw new IllegalArgumentException(
          "Conversation limits: expected resultChars of at least 1,000, windowChars of at least"
              + " twice that and one tool or more; found "
              + resultChars
              + ", "
              + windowChars
              + ", "
              + tools);
    }
  }
}
