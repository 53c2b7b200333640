package dev.workflow.skills;

import dev.workflow.definition.Rule;
import dev.workflow.skills.ConversionReport.Draft;
import dev.workflow.skills.PromptTemplate.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Texts of Codex as skills: a prompt of {@code ~/.codex/prompts}, or an {@code AGENTS.md}. Sources:
 * developers.openai.com/codex/custom-prompts, /skills and /guides/agents-md.
 */
final class CodexPrompt {
  private static final String AGENTS = "AGENTS.md";
  private static final String DESCRIPTION = "description";
  private static final int DESCRIPTION_MAX = 300;

  private CodexPrompt() {}

  static Conversion of(Path source, SkillText prompt, String name) {
    String file = String.valueOf(source.getFileName());
    if (!file.toLowerCase(Locale.ROOT).endsWith(".md")) {
      throw SkillPackageException.refused(
          Rule.CONVERSION_SOURCE,
          source.toString(),
          "Expected a prompt (.md), an AGENTS.md or the folder of a skill, found `%s`."
              .formatted(file),
          "Settings of Codex (.toml) are no skills.");
    }
    if (prompt.body().isBlank()) {
      throw SkillPackageException.refused(
          Rule.CONVERSION_INSTRUCTIONS, source.toString(), "Expected a text, found none.", null);
    }
    Draft report = new Draft();
    String description = description(prompt, report);
    boolean agents = file.equals(AGENTS);
    PromptText text = agents ? PromptText.literal(prompt.body()) : PromptText.codex(prompt.body());
    report.lost("the tools of Codex", "a skill has those that it names: add `capabilities`");
    if (agents) {
      report.lost("that it holds for all work in its folder", "a skill is used where it is named");
    }
    if (!text.inputs().isEmpty()) {
      for (Map.Entry<String, JsonNode> field : prompt.fields().properties()) {
        if (!field.getKey().equals(DESCRIPTION)) {
          report.lost(
              field.getKey(), "`" + field.getValue().asString("") + "` has no meaning here");
        }
      }
      return PromptSkill.of(name, description, List.of(new Message("user", text)), report);
    }
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("name", name).put(DESCRIPTION, description);
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : prompt.fields().properties()) {
      if (!Set.of(DESCRIPTION, "name").contains(field.getKey())) {
        JsonNode value = field.getValue();
        metadata.put("codex." + field.getKey(), value.asString(value.toString()));
        report.lost(field.getKey(), "it has no meaning here; its text is in the metadata");
      }
    }
    if (!metadata.isEmpty()) {
      fields.set("metadata", metadata);
    }
    report.kept("instructions");
    SkillText skill = new SkillText(fields, prompt.body());
    return new Conversion(name, skill.tree(SkillFileNames.MARKDOWN), true, report.done());
  }

  /** What it says it is for, else its first line. */
  private static String description(SkillText prompt, Draft report) {
    String written = prompt.text(DESCRIPTION).orElse("");
    if (!written.isEmpty()) {
      report.kept(DESCRIPTION);
      return written;
    }
    report.mapped("the first line", DESCRIPTION);
    String line =
        prompt
            .body()
            .lines()
            .map(each -> each.replaceAll("^[#*\\s-]+", "").strip())
            .filter(each -> !each.isEmpty())
            .findFirst()
            .orElse("A text of Codex.");
    return line.length() > DESCRIPTION_MAX ? line.substring(0, DESCRIPTION_MAX) : line;
  }
}
