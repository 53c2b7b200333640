package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import java.util.List;

/**
 * Who looks for another way where a step with {@code on_error: replan} fails and names nobody: an
 * agent on the model alias {@code default}, unless the workflow has one of this name.
 */
public final class Replanner {

  /** Its name, which scripted answers know it by, too. */
  public static final String NAME = OnError.Replan.PLANNER;

  /** The agent, where the workflow has none of the name. */
  public static final Agent AGENT =
      new Agent(
          NAME,
          null,
          null,
          "You look for another way after a step of a plan has failed.",
          null,
          List.of(),
          List.of(),
          Policy.OPEN,
          Allowance.NONE,
          false);

  private Replanner() {}

  /** Whether the run has a model for an agent. */
  static boolean hasModel(Resolved resolved, String agent) {
    Agent planner = resolved.agents().get(agent);
    String alias =
        planner == null || planner.model() == null ? Conversations.DEFAULT_MODEL : planner.model();
    return planner != null && !resolved.models().getOrDefault(alias, List.of()).isEmpty();
  }
}
