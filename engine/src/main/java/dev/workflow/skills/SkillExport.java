package dev.workflow.skills;

import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A skill as the {@code SKILL.md} that other clients read, and what became of its parts.
 *
 * @param kept parts that mean the same there
 * @param mapped parts that are said in other words
 * @param lost parts that a {@code SKILL.md} cannot say
 */
public record SkillExport(
    SkillMarkdown markdown, List<String> kept, List<String> mapped, List<String> lost) {

  public SkillExport {
    kept = List.copyOf(kept);
    mapped = List.copyOf(mapped);
    lost = List.copyOf(lost);
  }

  /** The text that the folder of the skill has already, whatever it says. */
  static SkillExport asItIs(SkillMarkdown markdown) {
    return new SkillExport(markdown, List.of("SKILL.md"), List.of(), List.of());
  }

  /** A text for a skill that has none. */
  static SkillExport of(Skill skill) {
    List<String> kept = new ArrayList<>(List.of("name", "description", "instructions"));
    List<String> mapped = new ArrayList<>();
    List<String> lost = new ArrayList<>();
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("name", skill.name()).put("description", skill.description());
    fields.putObject("metadata").put("version", skill.version());
    mapped.add("version: metadata.version");
    List<String> tools = new ArrayList<>();
    for (String capability : skill.required()) {
      tool(capability, tools, mapped, lost);
    }
    for (String capability : skill.optional()) {
      tool(capability, tools, mapped, lost);
    }
    if (!tools.isEmpty()) {
      fields.put("allowed-tools", String.join(" ", tools.stream().distinct().toList()));
    }
    if (!skill.inputSchema().path("properties").isEmpty()) {
      lost.add("inputs");
    }
    if (skill.outputSchema() != null) {
      lost.add("output");
    }
    if (!skill.policy().equals(Policy.OPEN)) {
      lost.add("policy");
    }
    if (!skill.files().isEmpty()) {
      kept.add("files");
    }
    String body = "\n" + skill.instructions() + "\n";
    return new SkillExport(SkillMarkdown.of(fields, body), kept, mapped, lost);
  }

  private static void tool(
      String capability, List<String> tools, List<String> mapped, List<String> lost) {
    Optional<String> tool = AllowedTools.nameOf(capability);
    if (tool.isPresent()) {
      tools.add(tool.get());
      mapped.add("capability " + capability + ": " + tool.get());
    } else {
      lost.add("capability " + capability);
    }
  }
}
