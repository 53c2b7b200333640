package dev.workflow.definition;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of one run.
 *
 * @param concurrency steps at work at a time, at least 1
 * @param time working time of the run, waiting for people not counted
 * @param revisions revisions of one {@code revise} that names no {@code max}
 * @param replans changes of plan after failures
 * @param budget what the calls of the whole run may use up; of what stands beside it, nothing
 */
public record Limits(int concurrency, Duration time, int revisions, int replans, Allowance budget) {

  public Limits {
    budget = calls(budget.tokens(), budget.cost(), budget.modelCalls(), budget.toolCalls());
  }

  /** What holds where a workflow says nothing. */
  public static final Limits DEFAULT =
      new Limits(8, Duration.ofMinutes(30), 2, 2, calls(null, null, 1_000, 200));

  /** The names of YAML and of {@code --limit}. */
  public static final List<String> NAMES =
      List.of(
          "concurrency",
          "time",
          "tokens",
          "cost",
          "model_calls",
          "tool_calls",
          "revisions",
          "replans");

  /**
   * These limits with one of them changed.
   *
   * @param name one of {@link #NAMES}
   * @param value a duration for {@code time}, money for {@code cost}, else a count such as {@code
   *     500k}
   * @throws IllegalArgumentException when the limit is unknown or the value does not fit; its
   *     message is for people
   */
  public Limits with(String name, String value) {
    return switch (name) {
      case "concurrency" -> new Limits(count(name, value, 1), time, revisions, replans, budget);
      case "time" -> new Limits(concurrency, duration(value), revisions, replans, budget);
      case "revisions" -> new Limits(concurrency, time, count(name, value, 0), replans, budget);
      case "replans" -> new Limits(concurrency, time, revisions, count(name, value, 0), budget);
      case "tokens" ->
          with(
              calls(count(name, value, 0), budget.cost(), budget.modelCalls(), budget.toolCalls()));
      case "cost" ->
          with(calls(budget.tokens(), Money.parse(value), budget.modelCalls(), budget.toolCalls()));
      case "model_calls" ->
          with(calls(budget.tokens(), budget.cost(), count(name, value, 0), budget.toolCalls()));
      case "tool_calls" ->
          with(calls(budget.tokens(), budget.cost(), budget.modelCalls(), count(name, value, 0)));
      default ->
          throw new IllegalArgumentException(
              "Unknown limit `" + name + "`. " + Nearest.hint(name, NAMES));
    };
  }

  /** What calls may use up. */
  private static Allowance calls(
      @Nullable Integer tokens,
      @Nullable Money cost,
      @Nullable Integer modelCalls,
      @Nullable Integer toolCalls) {
    return new Allowance(tokens, cost, modelCalls, toolCalls, null, null);
  }

  private Limits with(Allowance other) {
    return new Limits(concurrency, time, revisions, replans, other);
  }

  private static int count(String name, String value, int least) {
    OptionalInt count = Counts.parse(value);
    if (count.isEmpty() || count.getAsInt() < least) {
      throw new IllegalArgumentException(
          "Expected a count of at least %d for `%s`, found `%s`.".formatted(least, name, value));
    }
    return count.getAsInt();
  }

  private static Duration duration(String value) {
    return Durations.parse(value)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Expected a duration such as 20s, 5m or 2d for `time`, found `%s`."
                        .formatted(value)));
  }
}
