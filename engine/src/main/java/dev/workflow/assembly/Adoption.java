package dev.workflow.assembly;

import dev.workflow.definition.Problem;
import dev.workflow.engine.Resolved;
import dev.workflow.run.Change;
import dev.workflow.run.Event;
import dev.workflow.run.Impact;
import java.util.List;

/**
 * What it means for a run to go over to a definition that was checked. Nothing is done yet.
 *
 * @param asOf number of the run's newest event; the run must not have moved since
 * @param event that makes the change
 * @param impact on the steps of the run
 * @param repeated calls of class write or destructive that were made and would be made again
 * @param problems why it cannot be; empty: it can
 */
public record Adoption(
    long asOf,
    Event.PlanChanged event,
    Resolved resolved,
    Impact impact,
    List<Event.ToolCalled> repeated,
    List<Problem> problems) {
  public Adoption {
    repeated = List.copyOf(repeated);
    problems = List.copyOf(problems);
  }

  /** What is different; empty: the definitions are equal. */
  public List<Change> changes() {
    return event.changes();
  }
}
