package dev.workflow.skills;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.workflow.skills.ConversionReport.Draft;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import tools.jackson.databind.JsonNode;

/** Folders of Agent Skills: what becomes of them here, and what of ours becomes one. */
final class SkillImport {
  private static final Set<String> MEANT =
      Set.of("name", "description", "license", "compatibility", "metadata", "allowed-tools");

  /** What is ours alone; other clients would only wonder. */
  private static final Set<String> OURS = Set.of("instructions.md", "schema.json", "workflow.yaml");

  private static final String CASES = "cases/";

  private SkillImport() {}

  /** What becomes of a skill of another client. */
  static void report(SkillHead head, PackageTree tree, Draft report) {
    for (Map.Entry<String, JsonNode> field : head.fields().entrySet()) {
      String name = field.getKey();
      if (!MEANT.contains(name)) {
        report.lost(name, "it has no meaning here; it stays in the SKILL.md");
      } else if (!name.equals("allowed-tools")) {
        report.kept(name);
      }
    }
    ClaudeAgent.report(head.tools(), "allowed-tools", report);
    report.kept("instructions");
    for (String path : tree.files().keySet()) {
      if (path.equals("agents/openai.yaml")) {
        report.lost(path, "what Codex shows and starts has no meaning here; the file is kept");
      } else if (path.startsWith("scripts/")) {
        report.kept(path + " (to be read: scripts are never run)");
      } else if (!path.equals(SkillReader.MARKDOWN)) {
        report.kept(path);
      }
    }
  }

  /** The files of a skill that are not said in its SKILL.md. */
  static PackageTree beside(PackageTree tree, Path folder) {
    boolean ours = Files.isRegularFile(folder.resolve("skill.yaml"));
    SortedMap<String, byte[]> files = SkillConversions.sorted();
    tree.files()
        .forEach(
            (path, bytes) -> {
              boolean own = ours && (OURS.contains(path) || path.startsWith(CASES));
              if (!own && !SkillReader.isSkillFile(path)) {
                files.put(path, bytes);
              }
            });
    return new PackageTree(files);
  }

  /** A folder that other clients read. */
  static Conversion asFolder(String name, SkillExport export, PackageTree files) {
    Draft report = new Draft();
    export.report().kept().forEach(report::kept);
    export.report().mapped().forEach(report::mappedBefore);
    export.report().lost().forEach(report::lostBefore);
    files.files().keySet().forEach(report::kept);
    SortedMap<String, byte[]> all = SkillConversions.sorted();
    all.putAll(files.files());
    all.put(SkillReader.MARKDOWN, export.markdown().text().getBytes(UTF_8));
    return new Conversion(name, new PackageTree(all), true, report.done());
  }
}
