package dev.workflow.definition;

/**
 * A text that lies beside the instructions of a skill, such as {@code references/forms.md}.
 *
 * @param path inside the skill's folder, with {@code /}
 */
public record SkillFile(String path, String text) {}
