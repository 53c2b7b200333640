package dev.workflow.yaml;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keys of the language that this version does not run. They are refused, never ignored; the list
 * shrinks as they are built.
 */
final class Unsupported {

  private static final Set<String> STEP_LIMITS =
      Set.of("concurrency", "time", "revisions", "replans");

  private final ObjectNode document;
  private final Findings findings;

  private Unsupported(ObjectNode document, Findings findings) {
    this.document = document;
    this.findings = findings;
  }

  /** Reports and removes such keys from a workflow. */
  static void removeFromWorkflow(ObjectNode document, Findings findings) {
    Unsupported unsupported = new Unsupported(document, findings);
    unsupported.removeFromSteps("/steps");
    for (String name : List.copyOf(document.path("agents").propertyNames())) {
      unsupported.remove(Pointers.child("/agents", name) + "/limits", STEP_LIMITS);
    }
  }

  private void removeFromSteps(String pointer) {
    for (String id : List.copyOf(document.at(pointer).propertyNames())) {
      String step = Pointers.child(pointer, id);
      for (String at : List.of(step, step + "/undo")) {
        removeFromStep(at);
        removeFromSteps(at + "/steps");
      }
    }
  }

  private void removeFromStep(String pointer) {
    remove(pointer + "/limits", STEP_LIMITS);
    remove(pointer + "/agent/limits", STEP_LIMITS);
  }

  private void remove(String pointer, Set<String> keys) {
    if (!(document.at(pointer) instanceof ObjectNode map)) {
      return;
    }
    for (Map.Entry<String, JsonNode> entry : List.copyOf(map.properties())) {
      String key = entry.getKey();
      if (keys.contains(key)) {
        findings.key(
            "not-supported",
            Pointers.child(pointer, key),
            "The key `" + key + "` in `" + Pointers.dotted(pointer) + "` is not supported yet.",
            "Remove it: this version cannot do what it says.");
        map.remove(key);
      }
    }
  }
}
