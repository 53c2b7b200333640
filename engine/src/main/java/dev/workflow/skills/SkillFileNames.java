package dev.workflow.skills;

import java.util.List;

/** What the files are called that a skill itself consists of. */
public final class SkillFileNames {
  static final String OVERLAY = "skill.yaml";
  static final String MARKDOWN = "SKILL.md";

  /** As some clients spell it. */
  static final String MARKDOWN_SMALL = "skill.md";

  static final String INSTRUCTIONS = "instructions.md";
  static final String OUTPUT = "schema.json";
  static final String WORKFLOW = "workflow.yaml";

  /** All of them; an agent is given them in other ways than the other files, or not at all. */
  public static final List<String> OWN =
      List.of(OVERLAY, MARKDOWN, MARKDOWN_SMALL, INSTRUCTIONS, OUTPUT, WORKFLOW);

  /** Those that make their folder a skill, the one that counts most first. */
  public static final List<String> MAKE_SKILL = List.of(OVERLAY, MARKDOWN, MARKDOWN_SMALL);

  private SkillFileNames() {}

  /** Whether a file of this name makes its folder a skill. */
  public static boolean makesSkill(String name) {
    return MAKE_SKILL.contains(name);
  }
}
