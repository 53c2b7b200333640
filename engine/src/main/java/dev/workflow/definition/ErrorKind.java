package dev.workflow.definition;

import java.util.Locale;

/** The closed list of reasons for which an attempt fails; {@code retry.on} names them. */
public enum ErrorKind {
  /** No answer within the time given. */
  TIMEOUT,
  /** The other side could not be reached, died, or refused for now. */
  UNAVAILABLE,
  /** A model provider asked to slow down. */
  RATE_LIMITED,
  /** The tool itself answered with an error. */
  TOOL_ERROR,
  /** The model provider answered with an error that will not go away. */
  MODEL_ERROR,
  /** The arguments do not fit the tool's input schema; nothing was sent. */
  INVALID_ARGUMENTS,
  /** The output does not fit its schema. */
  INVALID_OUTPUT,
  /** An expression could not be evaluated. */
  EXPRESSION,
  /** A person rejected. */
  REJECTED,
  /** A guard stopped an agent: too many, or repeated, tool calls. */
  GUARD,
  /** What the step or its agent may use up is used up; another attempt would not change that. */
  LIMIT,
  /** All revisions were used and the verdict still asks for one. */
  REVISIONS_USED_UP,
  /** All runs of a {@code repeat} were made and its condition does not hold. */
  REPETITIONS_USED_UP,
  /** Containers stand in each other deeper than the engine goes. */
  NESTED_TOO_DEEP,
  /** A {@code fail} step. */
  FAILED_ON_PURPOSE,
  /** An element of an {@code each} failed. */
  ELEMENT_FAILED,
  /** The run was cancelled. */
  CANCELLED,
  /** A server wants a person to log in first; nothing was executed. */
  LOGIN_NEEDED,
  /** A policy or a trust decision forbids the call. */
  FORBIDDEN,
  /** The definition of the tool is not the one that the run was checked with; it was not called. */
  TOOL_CHANGED;

  /** The word of the YAML and of the journal, such as {@code rate_limited}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The kind of a word.
   *
   * @throws IllegalArgumentException when there is no such kind
   */
  public static ErrorKind of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
