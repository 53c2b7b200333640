package dev.workflow.engine;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Verb;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Definitions.Definition;
import dev.workflow.engine.Planner.Bounds;
import dev.workflow.engine.Planner.Draft;
import dev.workflow.engine.Planner.Verdict;
import dev.workflow.run.Event;
import dev.workflow.run.ModelReply;
import dev.workflow.run.Prepared;
import dev.workflow.run.RunState;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The plans that models write in a run: held against the check when they are proposed, and again
 * when a step is about to run one. From then on the journal knows them.
 */
final class WrittenPlans {
  private static final int DIGEST_CHARS = 12;

  private final Definitions definitions;
  private final Planner planner;

  /** Checked, and not yet recorded; by the names of their graphs. */
  private final Map<String, Event.PlanChecked> fresh = new HashMap<>();

  WrittenPlans(RunState run, Definitions definitions, Planner planner) {
    this.definitions = definitions;
    this.planner = planner;
    recall(run);
    run.all().forEach(this::remember);
  }

  /** What was written in the run so far; a part of it may have been made of another. */
  private void recall(RunState run) {
    Map<String, Written> open = new LinkedHashMap<>();
    run.plans().forEach((name, plan) -> open.put(name, new Written(plan.from(), plan.workflow())));
    for (Event.PlanChanged change : run.planChanges()) {
      Event.Revision revision = change.revision();
      if (revision != null && revision.within() != null) {
        open.put(revision.name(), new Written(revision.from(), revision.workflow()));
        definitions.revises(revision.within(), revision.name());
      }
    }
    while (!open.isEmpty()) {
      int before = open.size();
      open.entrySet().removeIf(each -> recalled(each.getKey(), each.getValue()));
      if (open.size() == before) {
        throw new IllegalStateException("The journal has graphs of no workflow: " + open.keySet());
      }
    }
  }

  private record Written(String from, JsonNode workflow) {}

  private boolean recalled(String name, Written written) {
    boolean possible = definitions.has(written.from);
    if (possible) {
      definitions.add(name, written.from, planner.read(written.workflow));
    }
    return possible;
  }

  private void remember(StepInfo step) {
    if (step.prepared() instanceof Prepared.Body body && body.graph() != null) {
      definitions.runs(step.path(), body.graph());
    }
  }

  /** A planner's reply, in which the proposal has become the checked plan or a list of problems. */
  ModelReply held(StepPath step, Verb.Plan verb, String goal, ModelReply reply) {
    JsonNode proposal = reply.output();
    if (proposal == null || !reply.violations().isEmpty()) {
      return reply;
    }
    Resolved around = definitions.of(step).resolved();
    Draft draft = new Draft(around, Bounds.of(verb, around), step.id(), goal, proposal);
    return switch (planner.check(draft)) {
      case Verdict.Sound sound -> with(reply, sound.workflow().document(), List.of());
      case Verdict.Unsound unsound -> with(reply, proposal, unsound.problems());
    };
  }

  static ModelReply with(ModelReply reply, JsonNode output, List<String> violations) {
    return new ModelReply(
        reply.model(),
        reply.text(),
        reply.reasoning(),
        reply.calls(),
        output,
        violations,
        reply.usage(),
        reply.cost());
  }

  /**
   * The name of the graph of a plan, which is known from now on.
   *
   * @param step that is about to run it
   * @throws Preparer.Broken when it does not pass the check
   */
  String define(StepPath step, Verb.Planned verb, JsonNode document) {
    Definition around = definitions.of(step);
    String name =
        "plan " + Canonical.hash(around.name() + " " + document).substring(0, DIGEST_CHARS);
    definitions.runs(step, name);
    if (definitions.has(name)) {
      return name;
    }
    Bounds bounds = Bounds.of(planOf(around, definitions.step(step), verb), around.resolved());
    switch (planner.check(Draft.of(around.resolved(), bounds, document))) {
      case Verdict.Sound sound -> {
        definitions.add(name, around.name(), sound.workflow());
        fresh.put(
            name,
            new Event.PlanChecked(step, name, around.name(), sound.plan().inside(name), document));
      }
      case Verdict.Unsound unsound ->
          throw new Preparer.Broken(
              new StepError(
                  ErrorKind.INVALID_ARGUMENTS,
                  "The plan of " + verb.step() + " does not pass the check",
                  unsound.problems()));
    }
    return name;
  }

  /** The fact that a plan was checked, once; absent: it is recorded already. */
  Event.@Nullable PlanChecked news(@Nullable String name) {
    return name == null ? null : fresh.remove(name);
  }

  static Verb.Plan planOf(Definition around, CompiledStep step, Verb.Planned verb) {
    CompiledStep source = around.compiled().seenFrom(step.step(), verb.step());
    if (source == null || !(source.step().verb() instanceof Verb.Plan plan)) {
      throw new IllegalStateException(verb.step() + " is no step that plans");
    }
    return plan;
  }
}
