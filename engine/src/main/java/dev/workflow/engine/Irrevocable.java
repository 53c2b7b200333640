package dev.workflow.engine;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Prepared;
import dev.workflow.run.StepError;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What cannot be undone in the steps that a planner wrote and was not planned before: a person has
 * to approve it. A step that does just what the one of its id did was approved with the plan, as
 * long as every question of the old steps is still asked.
 *
 * @param steps that take the place of the old ones, by id
 */
record Irrevocable(Failure failure, JsonNode steps, Resolved resolved) {

  /** Keys that say how a step is run and not what it does. */
  private static final Set<String> MANNER =
      Set.of("retry", "timeout", "limits", "on_error", "output");

  private static final int ARGUMENTS_MAX = 2_000;

  /** The question, or why there is none. */
  Prepared question(StepError error, String reasons, Planner planner) {
    Workflow written = planner.read(failure.with(steps));
    Set<String> names = failure.names(steps);
    boolean asks = asksAsBefore();
    List<String> calls = new ArrayList<>();
    for (Step step : written.allSteps()) {
      boolean isNew =
          names.stream()
              .anyMatch(
                  name ->
                      step.name().equals(name)
                          || step.name().startsWith(name + "/")
                          || step.name().startsWith(name + Step.UNDO));
      String call = isNew ? destructive(step) : null;
      if (call != null && !(asks && isAsBefore(step, written))) {
        calls.add("- " + step.name() + ": " + call);
      }
    }
    if (calls.isEmpty()) {
      return new Prepared.Skip("nothing in the other plan is destructive and new");
    }
    return new Prepared.Question(
        "Step %s failed (%s). The other plan makes calls that cannot be undone:\n%s\nWhy: %s\nGo that way?"
            .formatted(
                failure.path(),
                error.message(),
                String.join("\n", calls),
                reasons.isBlank() ? "the planner gives no reason" : reasons),
        null);
  }

  /** What in a step cannot be undone; null: nothing. */
  private @Nullable String destructive(Step step) {
    return switch (step.verb()) {
      case Verb.Tool verb -> call(step, verb.server() + "/" + verb.tool(), verb.with());
      case Verb.Capability verb -> call(step, resolved.bindings().get(verb.name()), verb.with());
      case Verb.Agent verb -> agent(verb.agent());
      case Verb.Skill verb -> agent(step.name());
      case Verb.Subworkflow verb -> "runs " + verb.file() + " with " + shown(verb.with());
      case Verb.Planned verb -> "runs the plan of " + verb.step() + " with " + shown(verb.with());
      case Verb.Plan verb -> null;
      case Verb.Ask verb -> null;
      case Verb.SetValue verb -> null;
      case Verb.Wait verb -> null;
      case Verb.Fail verb -> null;
      case Verb.Group verb -> null;
    };
  }

  private @Nullable String call(Step step, @Nullable String tool, JsonNode with) {
    ToolSpec spec = tool == null ? null : resolved.tools().get(tool);
    Effect effect =
        step.effect() != null ? step.effect() : spec == null ? Effect.DESTRUCTIVE : spec.effect();
    return effect == Effect.DESTRUCTIVE ? tool + " " + shown(with) : null;
  }

  private @Nullable String agent(String name) {
    List<String> tools =
        resolved.agentTools().getOrDefault(name, List.of()).stream()
            .filter(
                tool -> {
                  ToolSpec spec = resolved.tools().get(tool);
                  return spec != null && spec.effect() == Effect.DESTRUCTIVE;
                })
            .toList();
    return tools.isEmpty() ? null : "agent " + name + " may call " + String.join(", ", tools);
  }

  private static String shown(JsonNode arguments) {
    return ModelView.excerpt(arguments.toString(), ARGUMENTS_MAX);
  }

  private boolean isAsBefore(Step step, Workflow written) {
    return same(failure.document().at(step.pointer()), written.document().at(step.pointer()));
  }

  /** Whether whatever people were to be asked they still are. */
  private boolean asksAsBefore() {
    JsonNode after = failure.with(steps);
    for (Step step : failure.definition().resolved().workflow().allSteps()) {
      boolean open =
          failure.names(failure.steps()).stream()
              .anyMatch(
                  name ->
                      failure.open().contains(name.substring(name.lastIndexOf('/') + 1))
                          && (step.name().equals(name) || step.name().startsWith(name + "/")));
      if (open
          && step.verb() instanceof Verb.Ask
          && !same(failure.document().at(step.pointer()), after.at(step.pointer()))) {
        return false;
      }
    }
    return true;
  }

  private static boolean same(JsonNode one, JsonNode other) {
    return Objects.equals(bare(one), bare(other));
  }

  private static String bare(JsonNode step) {
    return step.isObject() ? Canonical.json(((ObjectNode) step.deepCopy()).remove(MANNER)) : "";
  }
}
