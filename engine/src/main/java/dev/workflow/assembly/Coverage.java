package dev.workflow.assembly;

import dev.workflow.definition.Step;
import dev.workflow.engine.Resolved;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepStatus;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a workflow was run by all its cases together: of its steps those that began, and of the
 * two ways that each {@code when} can go those that were gone. Steps of other workflows that it
 * runs do not count: they have cases of their own.
 */
public final class Coverage {
  private final String workflow;
  private final Map<String, Step> steps = new LinkedHashMap<>();
  private final Set<String> begun = new LinkedHashSet<>();
  private final Set<String> taken = new LinkedHashSet<>();
  private final Set<String> left = new LinkedHashSet<>();

  /** Nothing was run yet. */
  private Coverage(String workflow, Resolved resolved) {
    this.workflow = workflow;
    resolved.part(workflow).workflow().allSteps().forEach(step -> steps.put(step.name(), step));
  }

  /** Of the workflow that was read. */
  static Coverage ofWorkflow(Resolved resolved) {
    return new Coverage("", resolved);
  }

  /** Of the graph that the only step of the workflow runs; where it runs none, of the step. */
  static Coverage ofOnlyStep(Resolved resolved) {
    String graph = resolved.runBy("", resolved.workflow().steps().getFirst());
    return new Coverage(graph == null ? "" : graph, resolved);
  }

  /** Adds what a run of the same workflow did. */
  void add(RunState run, Resolved resolved) {
    for (StepInfo step : run.all()) {
      Step written = resolved.step(step.path());
      if (written == null || !resolved.workflowOf(step.path()).equals(workflow)) {
        continue;
      }
      String name = written.name();
      Prepared prepared = step.prepared();
      if (prepared instanceof Prepared.Skip) {
        left.add(name);
      } else if (prepared != null && !(prepared instanceof Prepared.Missing)) {
        taken.add(name);
        begun.add(name);
      } else if (step.attempts() > 0 || step.status() == StepStatus.SUCCEEDED) {
        begun.add(name);
      }
    }
  }

  /** Percent of the steps that began. */
  public double steps() {
    return percent(begun.size(), steps.size());
  }

  /** Percent of the ways that were gone. */
  public double branches() {
    return percent(waysGone(), 2 * conditions().size());
  }

  /** How many steps there are. */
  public int stepCount() {
    return steps.size();
  }

  /** How many steps began. */
  public int stepsBegun() {
    return begun.size();
  }

  /** How many ways there are. */
  public int branchCount() {
    return 2 * conditions().size();
  }

  /** How many ways were gone. */
  public int waysGone() {
    return (int)
        conditions().stream()
            .mapToLong(name -> (taken.contains(name) ? 1 : 0) + (left.contains(name) ? 1 : 0))
            .sum();
  }

  /** The steps that never began. */
  public List<String> neverBegun() {
    return steps.keySet().stream().filter(name -> !begun.contains(name)).toList();
  }

  /** The steps whose {@code when} never held. */
  public List<String> neverTaken() {
    return conditions().stream().filter(name -> !taken.contains(name)).toList();
  }

  /** The steps whose {@code when} always held. */
  public List<String> neverLeft() {
    return conditions().stream().filter(name -> !left.contains(name)).toList();
  }

  private List<String> conditions() {
    return steps.values().stream().filter(step -> step.when() != null).map(Step::name).toList();
  }

  private static double percent(int some, int all) {
    return all == 0 ? 100 : 100.0 * some / all;
  }
}
