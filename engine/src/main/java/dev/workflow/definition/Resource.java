package dev.workflow.definition;

import java.util.Locale;

/** What is counted and {@code limits:} bounds. */
public enum Resource {
  /** Tokens of models, of requests and replies together. */
  TOKENS,
  /** Money, in millionths of a millionth of a US dollar. */
  COST,
  /** Requests to models. */
  MODEL_CALLS,
  /** Calls of tools. */
  TOOL_CALLS,
  /** Changes of plan after failures. */
  REPLANS;

  /** The key of {@code limits:}, such as {@code model_calls}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
