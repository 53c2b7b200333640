package dev.workflow.definition;

import org.jspecify.annotations.Nullable;

/**
 * What a run, a step or an agent may use up; each absent: as much as it likes.
 *
 * @param tokens of requests and replies together
 */
public record Allowance(
    @Nullable Integer tokens,
    @Nullable Money cost,
    @Nullable Integer modelCalls,
    @Nullable Integer toolCalls) {

  /** No bound at all. */
  public static final Allowance NONE = new Allowance(null, null, null, null);

  /** Whether nothing is bounded. */
  public boolean isNone() {
    return tokens == null && cost == null && modelCalls == null && toolCalls == null;
  }

  /** The bound on a resource, of money in its smallest unit; absent: none. */
  public @Nullable Long most(Resource resource) {
    return switch (resource) {
      case TOKENS -> whole(tokens);
      case COST -> cost == null ? null : Long.valueOf(cost.picos());
      case MODEL_CALLS -> whole(modelCalls);
      case TOOL_CALLS -> whole(toolCalls);
    };
  }

  /**
   * The same with no more tool calls than that.
   *
   * @param most absent: as many as before
   */
  public Allowance withToolCalls(@Nullable Integer most) {
    Integer fewer = most == null || (toolCalls != null && toolCalls < most) ? toolCalls : most;
    return new Allowance(tokens, cost, modelCalls, fewer);
  }

  private static @Nullable Long whole(@Nullable Integer count) {
    return count == null ? null : Long.valueOf(count);
  }
}
