package dev.workflow.yaml;

import tools.jackson.databind.node.ObjectNode;

/** A key that this version does not run. It is refused, never ignored. */
final class Unsupported {

  private Unsupported() {}

  /** Reports and removes such a key from a {@code skill.yaml}. */
  static void removeFromSkill(ObjectNode document, Findings findings) {
    if (document.has("workflow")) {
      findings.key(
          "not-supported",
          "/workflow",
          "The key `workflow` is not supported yet.",
          "Remove it: this version cannot do what it says.");
      document.remove("workflow");
    }
  }
}
