package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** Limits of a run that a step or an agent has under another key; each is told where that is. */
final class MisplacedLimits {

  private static final Map<String, String> OF_A_STEP =
      Map.of(
          "concurrency",
          "Write `concurrency:` beside the `each` of the step; `limits.concurrency` is the run's.",
          "revisions",
          "Write `max:` in the `revise` of the judge; `limits.revisions` is the run's.");

  private static final Map<String, String> OF_AN_AGENT =
      Map.of(
          "concurrency",
          "Write `concurrency:` beside the `each` of a step that runs the agent;"
              + " `limits.concurrency` is the run's.",
          "revisions",
          "Write `max:` in the `revise` of a step that judges; `limits.revisions` is the run's.");

  private final ObjectNode document;
  private final Findings findings;

  private MisplacedLimits(ObjectNode document, Findings findings) {
    this.document = document;
    this.findings = findings;
  }

  /** Reports and removes such limits from a workflow. */
  static void removeFrom(ObjectNode document, Findings findings) {
    MisplacedLimits misplaced = new MisplacedLimits(document, findings);
    misplaced.removeFromSteps("/steps");
    for (String name : List.copyOf(document.path("agents").propertyNames())) {
      misplaced.remove(Pointers.child("/agents", name), "an agent", OF_AN_AGENT);
    }
  }

  private void removeFromSteps(String pointer) {
    for (String id : List.copyOf(document.at(pointer).propertyNames())) {
      String step = Pointers.child(pointer, id);
      for (String at : List.of(step, step + "/undo")) {
        remove(at, "a step", OF_A_STEP);
        remove(at + "/agent", "an agent", OF_AN_AGENT);
        removeFromSteps(at + "/steps");
      }
    }
  }

  private void remove(String owner, String kind, Map<String, String> hints) {
    String pointer = owner + "/limits";
    if (!(document.at(pointer) instanceof ObjectNode limits)) {
      return;
    }
    for (String key : List.copyOf(limits.propertyNames())) {
      String hint = hints.get(key);
      if (hint != null) {
        findings.key(
            Rule.MISPLACED_LIMIT,
            Pointers.child(pointer, key),
            "Expected a limit of %s in `%s`, found `%s`."
                .formatted(kind, Pointers.dotted(pointer), key),
            hint);
        limits.remove(key);
      }
    }
  }
}
