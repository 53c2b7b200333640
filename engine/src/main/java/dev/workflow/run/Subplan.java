package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Resource;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Turn.ToolEnded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan that an agent has called for, while it is at work: one step that runs the graph of the
 * plan, attached to the agent's own.
 *
 * @param wanted the call that asks for it
 * @param calls how many tool calls the attempt of the agent has left
 */
record Subplan(Scope scope, WantedCall wanted, Budget calls) {

  private static final Graph GRAPH =
      new Graph(List.of(Node.plain(StepPath.PLAN, Kind.WORKFLOW, List.of(), Duration.ZERO)));

  /**
   * The plan that an agent calls for next, before it begins.
   *
   * @param budgets what the agent's calls are paid from, the run's own budget last
   */
  static Subplan of(StepRun agent, List<Budget> budgets) {
    AgentRun conversation = agent.conversation();
    WantedCall wanted = conversation.called().call();
    Budget calls =
        new Budget(
            "The plan of step " + agent.path,
            new Allowance(null, null, null, conversation.callsLeft(), null, null));
    List<Budget> around = new ArrayList<>(List.of(calls));
    around.addAll(budgets.subList(0, budgets.size() - 1));
    return new Subplan(Scope.delegated(GRAPH, agent, around), wanted, calls);
  }

  /** How many tool calls were made in it. */
  int called() {
    return (int) calls.settled(Resource.TOOL_CALLS);
  }

  /** Why the attempt of the agent must end with it; null: the agent goes on. */
  @Nullable StepError forbidden() {
    StepError error = step().error;
    return error != null && error.isRefusal() ? error : null;
  }

  /** What the agent gets to know of it, once it has ended. */
  ToolEnded result() {
    StepRun step = step();
    return step.status() == StepStatus.SUCCEEDED
        ? new ToolEnded(wanted.id(), wanted.name(), step.output, null)
        : new ToolEnded(wanted.id(), wanted.name(), null, failure(step));
  }

  private StepRun step() {
    return scope.current[0];
  }

  private static String failure(StepRun step) {
    StringBuilder text = new StringBuilder("The plan failed: ");
    StepError error = step.error;
    text.append(error == null ? "it is " + step.status().word() : error.message());
    if (error != null && !error.details().isEmpty()) {
      text.append(": ").append(String.join("; ", error.details()));
    }
    List<String> done =
        step.body == null
            ? List.of()
            : Arrays.stream(step.body.current)
                .filter(inside -> inside.status() == StepStatus.SUCCEEDED)
                .map(inside -> inside.node.id())
                .toList();
    if (!done.isEmpty()) {
      text.append("\nWhat these of its steps did stands: ").append(String.join(", ", done));
    }
    return text.toString();
  }
}
