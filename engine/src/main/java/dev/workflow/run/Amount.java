package dev.workflow.run;

import dev.workflow.definition.Money;
import dev.workflow.definition.Resource;
import org.jspecify.annotations.Nullable;

/**
 * So much of each resource.
 *
 * @param cost in the smallest unit of money; {@link #UNKNOWN}: nobody knows
 */
record Amount(long tokens, long cost, int modelCalls, int toolCalls, int replans) {

  /** More than any bound: what nobody knows never fits. */
  static final long UNKNOWN = Long.MAX_VALUE;

  static final Amount NONE = new Amount(0, 0, 0, 0, 0);
  static final Amount MODEL_CALL = new Amount(0, 0, 1, 0, 0);
  static final Amount TOOL_CALL = new Amount(0, 0, 0, 1, 0);
  static final Amount REPLAN = new Amount(0, 0, 0, 0, 1);

  /** What a request to a model takes beside the call itself. */
  static Amount of(long tokens, @Nullable Money cost) {
    return new Amount(tokens, cost == null ? UNKNOWN : cost.picos(), 0, 0, 0);
  }

  /** The same with one call of a model. */
  Amount withModelCall() {
    return new Amount(tokens, cost, 1, toolCalls, replans);
  }

  long of(Resource resource) {
    return switch (resource) {
      case TOKENS -> tokens;
      case COST -> cost;
      case MODEL_CALLS -> modelCalls;
      case TOOL_CALLS -> toolCalls;
      case REPLANS -> replans;
    };
  }
}
