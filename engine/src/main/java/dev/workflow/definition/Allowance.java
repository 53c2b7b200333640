package dev.workflow.definition;

import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a run, a step or an agent may use up; each absent: as much as it likes. Of a run, its time
 * and its changes of plan stand in {@link Limits}.
 *
 * @param tokens of requests and replies together
 * @param time working time: calls, and waits for a time
 * @param replans changes of plan after failures; of an agent, how often it looks for another way
 */
public record Allowance(
    @Nullable Integer tokens,
    @Nullable Money cost,
    @Nullable Integer modelCalls,
    @Nullable Integer toolCalls,
    @Nullable Duration time,
    @Nullable Integer replans) {

  /** No bound at all. */
  public static final Allowance NONE = new Allowance(null, null, null, null, null, null);

  /** Whether nothing is bounded. */
  public boolean isNone() {
    return time == null && Arrays.stream(Resource.values()).allMatch(each -> most(each) == null);
  }

  /** The bound on a resource, of money in its smallest unit; absent: none. */
  public @Nullable Long most(Resource resource) {
    return switch (resource) {
      case TOKENS -> whole(tokens);
      case COST -> cost == null ? null : Long.valueOf(cost.picos());
      case MODEL_CALLS -> whole(modelCalls);
      case TOOL_CALLS -> whole(toolCalls);
      case REPLANS -> whole(replans);
    };
  }

  /**
   * The same with no more tool calls than that.
   *
   * @param most absent: as many as before
   */
  public Allowance withToolCalls(@Nullable Integer most) {
    Integer fewer = most == null || (toolCalls != null && toolCalls < most) ? toolCalls : most;
    return new Allowance(tokens, cost, modelCalls, fewer, time, replans);
  }

  private static @Nullable Long whole(@Nullable Integer count) {
    return count == null ? null : Long.valueOf(count);
  }
}
