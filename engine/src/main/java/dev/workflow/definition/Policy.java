package dev.workflow.definition;

import org.jspecify.annotations.Nullable;

/**
 * What an agent or a skill may do. Policies intersect down the call tree: {@link #and} never allows
 * more than either side.
 *
 * @param allowWeb whether tools bound to {@code web_search} or {@code fetch_url} may be used
 * @param allowCodeExec whether tools bound to {@code code_execution} may be used
 * @param deterministic temperature 0 and a fixed seed
 * @param maxToolCalls most tool calls of one attempt; absent: no bound of its own
 */
public record Policy(
    boolean allowWeb,
    boolean allowCodeExec,
    boolean deterministic,
    @Nullable Integer maxToolCalls) {

  /** Forbids nothing. */
  public static final Policy OPEN = new Policy(true, true, false, null);

  /** What both sides allow. */
  public Policy and(Policy other) {
    return new Policy(
        allowWeb && other.allowWeb,
        allowCodeExec && other.allowCodeExec,
        deterministic || other.deterministic,
        smaller(maxToolCalls, other.maxToolCalls));
  }

  private static @Nullable Integer smaller(@Nullable Integer a, @Nullable Integer b) {
    if (a == null) {
      return b;
    }
    return b == null ? a : Integer.valueOf(Math.min(a, b));
  }
}
