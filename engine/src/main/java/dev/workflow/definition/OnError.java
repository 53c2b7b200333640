package dev.workflow.definition;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a step's final failure means for the run. */
public sealed interface OnError {

  /** The run fails, after its independent branches have ended. The default. */
  record Fail() implements OnError {}

  /** The step has failed, the run has not; in an {@code each} the element is left out. */
  record Continue() implements OnError {}

  /**
   * A person decides: try again, give an output, or let it fail. In an {@code each} that is asked
   * for every element.
   */
  record Ask() implements OnError {}

  /**
   * Another way is looked for: another tool for the same capability, then another plan for the step
   * and what waits for it.
   *
   * @param agent who plans; absent: one of the engine's own
   */
  record Replan(@Nullable String agent) implements OnError {

    /** The name of the engine's own, which a workflow may give to one of its agents. */
    public static final String PLANNER = "replanner";

    /** The name of who plans. */
    public String planner() {
      return agent == null ? PLANNER : agent;
    }
  }

  /** The step succeeds with this value instead. Texts may hold {@code ${...}} expressions. */
  record Output(JsonNode value) implements OnError {}
}
