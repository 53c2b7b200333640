package dev.workflow.skills;

import dev.workflow.skills.ConversionReport.Draft;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What becomes here of the folder of a skill of another client. */
final class SkillImport {
  private SkillImport() {}

  /** What becomes of a skill of another client. */
  static void report(SkillHead head, PackageTree tree, Draft report) {
    for (Map.Entry<String, JsonNode> field : head.fields().entrySet()) {
      String name = field.getKey();
      if (!SkillHead.SPECIFIED.contains(name)) {
        report.lost(name, "it has no meaning here; it stays in the SKILL.md");
      } else if (!name.equals("allowed-tools")) {
        report.kept(name);
      }
    }
    report.tools(head.tools(), "allowed-tools");
    report.kept("instructions");
    for (String path : tree.files().keySet()) {
      if (path.equals("agents/openai.yaml")) {
        report.lost(path, "what Codex shows and starts has no meaning here; the file is kept");
      } else if (path.startsWith("scripts/")) {
        report.kept(path + " (to be read: scripts are never run)");
      } else if (!path.equals(SkillFileNames.MARKDOWN)) {
        report.kept(path);
      }
    }
  }
}
