package dev.workflow.check.flow;

import dev.workflow.definition.Step;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Resolved;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A step at one place of a run: a workflow that two steps run has its steps at two places. */
final class StepAt {
  private final WorkflowAt workflow;
  private final CompiledStep compiled;
  private final @Nullable StepAt around;
  private final @Nullable StepAt undone;
  private final List<StepAt> inside = new ArrayList<>();
  private @Nullable WorkflowAt runs;

  private StepAt(
      WorkflowAt workflow,
      CompiledStep compiled,
      @Nullable StepAt around,
      @Nullable StepAt undone) {
    this.workflow = workflow;
    this.compiled = compiled;
    this.around = around;
    this.undone = undone;
  }

  /** A workflow at one place of a run, with all its steps. */
  static final class WorkflowAt {
    private final String part;
    private final Resolved resolved;
    private final CompiledWorkflow compiled;
    private final @Nullable StepAt caller;
    private final List<StepAt> outermost = new ArrayList<>();
    private final Map<String, StepAt> steps = new LinkedHashMap<>();
    private final Map<String, Given> inputs = new LinkedHashMap<>();
    private final Map<String, Given> outputs = new LinkedHashMap<>();

    /**
     * A workflow.
     *
     * @param part its name among those of the run; empty: the root
     * @param caller the step that runs it; absent: it is the root
     */
    WorkflowAt(String part, Resolved resolved, CompiledWorkflow compiled, @Nullable StepAt caller) {
      this.part = part;
      this.resolved = resolved;
      this.compiled = compiled;
      this.caller = caller;
      for (CompiledStep step : compiled.steps().values()) {
        add(step);
      }
    }

    private void add(CompiledStep step) {
      String name = step.step().name();
      int slash = name.lastIndexOf('/');
      StepAt around = slash < 0 ? null : steps.get(name.substring(0, slash));
      StepAt undone =
          name.endsWith(Step.UNDO)
              ? steps.get(name.substring(0, name.length() - Step.UNDO.length()))
              : null;
      StepAt at = new StepAt(this, step, around == null ? caller : around, undone);
      steps.put(name, at);
      if (undone == null) {
        (around == null ? outermost : around.inside).add(at);
      }
    }

    String part() {
      return part;
    }

    Resolved resolved() {
      return resolved;
    }

    CompiledWorkflow compiled() {
      return compiled;
    }

    /** By name, in the author's order. */
    Map<String, StepAt> steps() {
      return steps;
    }

    /** The steps of its outermost graph; always the same list. */
    List<StepAt> outermost() {
      return outermost;
    }

    /** What its inputs are given; of the root nothing. */
    Map<String, Given> inputs() {
      return inputs;
    }

    Map<String, Given> outputs() {
      return outputs;
    }

    /** How people know a step of it. */
    String display(String step) {
      return caller == null ? step : caller.display() + "/" + step;
    }
  }

  WorkflowAt workflow() {
    return workflow;
  }

  CompiledStep compiled() {
    return compiled;
  }

  Step step() {
    return compiled.step();
  }

  /** The step whose graph it is in, or that runs its workflow; absent: it is outermost. */
  @Nullable StepAt around() {
    return around;
  }

  /** The step around it in the same file; absent: it is outermost there. */
  @Nullable StepAt aroundInFile() {
    return around != null && around.workflow == workflow ? around : null;
  }

  /** The step that it undoes; absent: none. */
  @Nullable StepAt undone() {
    return undone;
  }

  /** The steps of the graph that it is in; always the same list. */
  List<StepAt> graph() {
    StepAt container = aroundInFile();
    return container == null ? workflow.outermost : container.inside;
  }

  /** The steps of the graph that it holds, or of the workflow that it runs. */
  List<StepAt> inside() {
    return runs != null ? runs.outermost() : inside;
  }

  /** It, and all steps of what it holds or runs, however deep. */
  Set<StepAt> withAllInside() {
    Set<StepAt> all = new LinkedHashSet<>();
    Deque<StepAt> open = new ArrayDeque<>(List.of(this));
    while (!open.isEmpty()) {
      StepAt step = open.remove();
      if (all.add(step)) {
        open.addAll(step.inside());
      }
    }
    return all;
  }

  @Nullable WorkflowAt runs() {
    return runs;
  }

  void runs(WorkflowAt other) {
    runs = other;
  }

  /** The step that an id means here; absent: none. */
  @Nullable StepAt seen(String id) {
    CompiledStep found = workflow.compiled.seenFrom(step(), id);
    return found == null ? null : workflow.steps.get(found.step().name());
  }

  /** How people know it. */
  String display() {
    return workflow.display(step().name());
  }
}
