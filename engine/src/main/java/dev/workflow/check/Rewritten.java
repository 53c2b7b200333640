package dev.workflow.check;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.PlanProposal;
import dev.workflow.engine.Planner.Redraft;
import dev.workflow.engine.Resolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether the steps that a planner wrote in the place of others keep within their bounds. What it
 * may not say by itself, a step of the same id may go on saying.
 */
final class Rewritten {
  private final Redraft redraft;
  private final Resolved part;

  Rewritten(Redraft redraft) {
    this.redraft = redraft;
    this.part = redraft.around().part(redraft.part());
  }

  List<String> problems(Workflow workflow) {
    List<String> problems = new ArrayList<>();
    for (Step step : workflow.allSteps()) {
      if (isWritten(step.name())) {
        problems(step).forEach(each -> problems.add("Step `" + step.name() + "`: " + each));
      }
    }
    return problems;
  }

  private boolean isWritten(String name) {
    return redraft.written().stream()
        .anyMatch(
            each ->
                name.equals(each)
                    || name.startsWith(each + "/")
                    || name.startsWith(each + Step.UNDO));
  }

  private List<String> problems(Step step) {
    JsonNode text = redraft.document().at(step.pointer());
    JsonNode old = part.workflow().document().at(step.pointer());
    List<String> problems = new ArrayList<>();
    Set<String> withheld = new TreeSet<>(PlanProposal.WITHHELD);
    withheld.removeAll(Set.of("undo", "effects"));
    for (String key : withheld) {
      if (text.has(key) && !text.get(key).equals(old.get(key))) {
        problems.add("`" + key + "` is not for a plan to use.");
      }
    }
    if (old.has("undo") && !text.has("undo")) {
      problems.add("keep its `undo`, or give the step another id.");
    }
    part.agents().values().stream()
        .filter(agent -> step.name().equals(agent.instructedBy()) && !text.equals(old))
        .forEach(
            agent ->
                problems.add(
                    "it gives the instructions of agent `%s`, which are not for a plan to say: keep it"
                            .formatted(agent.name())
                        + " as it was, or give the step another id."));
    if (step.verb() instanceof Verb.Agent agent
        && !(agent.agent().equals(step.name()) && text.path("agent").equals(old.get("agent")))) {
      add(problems, PlanCheck.beyond("agent", agent.agent(), redraft.bounds().agents()));
    }
    if (step.verb() instanceof Verb.Tool tool) {
      String name = tool.server() + "/" + tool.tool();
      add(problems, PlanCheck.beyond("tool", name, redraft.bounds().tools()));
    }
    if (step.verify() != null) {
      add(problems, PlanCheck.beyond("tool", step.verify().fullName(), redraft.bounds().tools()));
    }
    if (weakens(step, text, old)) {
      problems.add(PlanCheck.NO_EFFECTS);
    }
    return problems;
  }

  private static void add(List<String> problems, @Nullable String problem) {
    if (problem != null) {
      problems.add(problem);
    }
  }

  /** Whether a call would count as less than it is, or than it did in the step of the same id. */
  private boolean weakens(Step step, JsonNode text, JsonNode old) {
    Effect said = step.effect();
    boolean sameCall =
        List.of("tool", "capability").stream()
            .anyMatch(verb -> text.has(verb) && text.get(verb).equals(old.get(verb)));
    if (sameCall && old.has("effects")) {
      return said == null || said.compareTo(Effect.of(old.get("effects").asString())) < 0;
    }
    return PlanCheck.weakens(step, part);
  }
}
