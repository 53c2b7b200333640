package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Resolved;
import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import dev.workflow.trace.RunGraph;
import dev.workflow.trace.RunTrace;
import dev.workflow.trace.StepGraph;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The graph of what a run has run, from its journal alone.
 *
 * @param resolved the definition in force
 */
record RunDrawing(RunState run, Resolved resolved, StepGraph graph) {

  /**
   * Draws a run.
   *
   * @param named its id, a unique beginning of it, or {@code last}
   */
  static RunDrawing of(WorkflowEngine engine, String named, RunGraph.Detail detail) {
    String id = RunNames.find(engine.journal(), named);
    RunTrace trace = RunTrace.read(engine.journal(), id);
    if (trace == null) {
      throw new UsageException("Run " + id + " has not begun.");
    }
    Resolved resolved = engine.definition(trace.state());
    Map<String, Workflow> workflows = new LinkedHashMap<>();
    workflows.put("", resolved.workflow());
    resolved.workflows().forEach((name, part) -> workflows.put(name, part.workflow()));
    trace
        .state()
        .plans()
        .forEach((name, plan) -> workflows.put(name, engine.documents().restore(plan.workflow())));
    for (Event.PlanChanged change : trace.state().planChanges()) {
      Event.Revision revision = change.revision();
      if (revision != null) {
        workflows.putIfAbsent(revision.name(), engine.documents().restore(revision.workflow()));
      }
    }
    return new RunDrawing(trace.state(), resolved, RunGraph.of(trace, workflows, detail));
  }
}
