package dev.workflow.cases;

import dev.workflow.definition.Effect;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.run.StepError;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What stands in for a tool.
 *
 * @param name {@code server/tool}, or a capability
 * @param rules the first that matches and is not used up answers
 * @param input JSON Schema of the arguments; absent: anything
 * @param output JSON Schema of the answers; absent: anything
 * @param effect that it claims; absent: that of the capability, else the worst
 */
record Mock(
    String name,
    List<Rule> rules,
    @Nullable JsonNode input,
    @Nullable JsonNode output,
    @Nullable Effect effect) {

  Mock {
    rules = List.copyOf(rules);
  }

  boolean isCapability() {
    return name.indexOf('/') < 0;
  }

  /**
   * How calls are answered.
   *
   * @param when condition on the call; absent: any
   * @param times how many calls it answers; 0: all
   * @param delay until the answer comes
   * @param answer what comes
   */
  record Rule(@Nullable Expression when, int times, Duration delay, Reply answer) {}

  /** What comes of a call. */
  sealed interface Reply {
    /** A value, which may compute from the arguments. */
    record Returns(Expression value) implements Reply {}

    /**
     * An error.
     *
     * @param executed whether the call may have taken effect all the same
     */
    record Fails(StepError error, boolean executed) implements Reply {}

    /** Nothing ever comes. */
    record Hangs() implements Reply {}
  }
}
