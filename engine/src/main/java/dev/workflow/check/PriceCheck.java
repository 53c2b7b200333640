package dev.workflow.check;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.Resolved;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Money can be bounded only where the price of every model is known. */
final class PriceCheck {
  private final Resolved resolved;
  private final Collection<Resolved> others;
  private final Report report;

  /**
   * A check of one workflow.
   *
   * @param others workflows that count to its limits as well
   */
  PriceCheck(Resolved resolved, Collection<Resolved> others, Report report) {
    this.resolved = resolved;
    this.others = others;
    this.report = report;
  }

  void check() {
    Set<String> unpriced = unpriced(resolved);
    others.forEach(other -> unpriced.addAll(unpriced(other)));
    if (unpriced.isEmpty()) {
      return;
    }
    Map<String, Allowance> bounds = new LinkedHashMap<>();
    bounds.put("/limits/cost", resolved.workflow().limits().budget());
    resolved
        .workflow()
        .agents()
        .forEach((name, agent) -> bounds.put(ofAgent(name), agent.limits()));
    for (Step step : resolved.workflow().allSteps()) {
      bounds.put(step.pointer() + "/limits/cost", step.limits());
    }
    bounds.forEach(
        (pointer, bound) -> {
          if (bound.cost() != null) {
            report.missing(
                Rule.UNKNOWN_PRICE,
                pointer,
                "The price of %s is not known, so the cost cannot be limited."
                    .formatted(String.join(", ", unpriced)),
                "Give it with --prices FILE, or remove the limit.");
          }
        });
  }

  /** An agent that stands in its step has its limits there. */
  private String ofAgent(String name) {
    JsonNode document = resolved.workflow().document();
    String own = Pointers.child("/agents", name);
    return document.at(own).isMissingNode()
        ? "/steps/" + name.replace("/", "/steps/") + "/agent/limits/cost"
        : own + "/limits/cost";
  }

  /** The models of a run whose price nobody knows, sorted; none when answers are scripted. */
  static Set<String> unpriced(Resolved resolved) {
    Set<String> unpriced = new TreeSet<>();
    for (List<ModelRef> models : resolved.models().values()) {
      for (ModelRef model : models) {
        if (resolved.price(model) == null) {
          unpriced.add(Resolved.priced(model));
        }
      }
    }
    return unpriced;
  }
}
