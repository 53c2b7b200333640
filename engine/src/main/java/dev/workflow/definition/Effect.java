package dev.workflow.definition;

import java.util.Locale;

/**
 * What a call may do to the world, from harmless to irreversible. The class decides whether a call
 * without a recorded answer may run again.
 */
public enum Effect {
  /** Changes nothing; may run again at any time. */
  READ,
  /** Changes something, but a second call with the same arguments and key changes nothing more. */
  IDEMPOTENT,
  /** Changes something at each call. */
  WRITE,
  /** Changes something that cannot be taken back. */
  DESTRUCTIVE;

  /** Whether a call whose answer was lost may simply run again. */
  public boolean repeatable() {
    return this == READ || this == IDEMPOTENT;
  }

  /** The word of the YAML and of the journal, such as {@code read}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The class of a word.
   *
   * @throws IllegalArgumentException when the word is none of the four
   */
  public static Effect of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
