package dev.workflow.skills;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import dev.workflow.skills.ConversionReport.Draft;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A skill as the {@code SKILL.md} that other clients read, and what became of its parts. */
record SkillExport(SkillMarkdown markdown, ConversionReport report) {
  private static final String CASES = "cases/";
  private static final Set<String> WEB = Set.of("web_search", "fetch_url");

  /** The text that the folder of the skill has already, whatever it says. */
  static SkillExport asItIs(SkillMarkdown markdown) {
    return new SkillExport(markdown, new Draft().kept(SkillFileNames.MARKDOWN).done());
  }

  /** The same for a skill whose {@code skill.yaml} says more. */
  static SkillExport below(SkillMarkdown markdown, Skill overlaid) {
    Draft report = new Draft().kept(SkillFileNames.MARKDOWN);
    report.lost(
        SkillFileNames.OVERLAY, "other clients do not read it; what counts there is the SKILL.md");
    unsaid(overlaid, report);
    return new SkillExport(markdown, report.done());
  }

  /** A text for a skill that has none. */
  static SkillExport of(Skill skill) {
    Draft report = new Draft().kept("name").kept("description").kept("instructions");
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("name", skill.name()).put("description", skill.description());
    fields.putObject("metadata").put("version", skill.version());
    report.mapped("version", "metadata.version");
    List<String> tools = new ArrayList<>();
    skill.required().forEach(capability -> tool(capability, skill.policy(), tools, report));
    skill.optional().forEach(capability -> tool(capability, skill.policy(), tools, report));
    if (!tools.isEmpty()) {
      fields.put("allowed-tools", String.join(" ", tools.stream().distinct().toList()));
    }
    unsaid(skill, report);
    String body = "\n" + skill.instructions() + "\n";
    return new SkillExport(SkillMarkdown.of(fields, body), report.done());
  }

  /** What only a {@code skill.yaml} can say. */
  private static void unsaid(Skill skill, Draft report) {
    if (!skill.inputSchema().path("properties").isEmpty()) {
      report.lost("inputs", "other clients ask a skill in plain words");
    }
    if (skill.outputSchema() != null) {
      report.lost("output", "nothing checks the answer there");
    }
    if (!skill.policy().equals(Policy.OPEN)) {
      report.lost("policy", "nothing holds the skill to it there");
    }
    if (skill.workflow() != null) {
      report.lost("workflow", "a model follows the instructions there");
    }
  }

  private static void tool(String capability, Policy policy, List<String> tools, Draft report) {
    Optional<String> tool = AllowedTools.nameOf(capability);
    boolean forbidden =
        (!policy.allowWeb() && WEB.contains(capability))
            || (!policy.allowCodeExec() && capability.equals("code_execution"));
    if (forbidden) {
      report.lost("capability " + capability, "the policy forbids it");
    } else if (tool.isPresent()) {
      tools.add(tool.get());
      report.mapped("capability " + capability, tool.get());
    } else {
      report.lost("capability " + capability, "no tool of other clients stands for it");
    }
  }

  /** The files of a skill that are not said in its SKILL.md. */
  static PackageTree beside(PackageTree tree, Path folder) {
    boolean ours = Files.isRegularFile(folder.resolve(SkillFileNames.OVERLAY));
    SortedMap<String, byte[]> files = new TreeMap<>();
    tree.files()
        .forEach(
            (path, bytes) -> {
              boolean own = ours && (SkillFileNames.OWN.contains(path) || path.startsWith(CASES));
              if (!own && !SkillFileNames.makesSkill(path)) {
                files.put(path, bytes);
              }
            });
    return new PackageTree(files);
  }

  /** A folder that other clients read. */
  Conversion asFolder(String name, PackageTree files) {
    Draft all = new Draft();
    report.kept().forEach(all::kept);
    report.mapped().forEach(all::mappedBefore);
    report.lost().forEach(all::lostBefore);
    files.files().keySet().forEach(all::kept);
    SortedMap<String, byte[]> folder = new TreeMap<>(files.files());
    folder.put(SkillFileNames.MARKDOWN, markdown.text().getBytes(UTF_8));
    return new Conversion(name, new PackageTree(folder), true, all.done());
  }
}
