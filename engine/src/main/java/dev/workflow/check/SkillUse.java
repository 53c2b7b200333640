package dev.workflow.check;

import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What the workflow of a skill has from the one that uses it: tools, model and policy.
 *
 * @param user the workflow that uses the skill
 * @param owner the agent there that has it
 */
record SkillUse(Part user, Owner owner, Skill skill) {

  /** What its steps may do at most. */
  Policy policy() {
    return owner.policy();
  }

  /** The folder that its files may not leave. */
  Path folder() {
    return Path.of(skill.folder()).toAbsolutePath().normalize();
  }

  /** Whether the agent of another use gives its steps the same as this one. */
  boolean isLike(Owner other) {
    return policy().equals(other.policy())
        && Objects.equals(owner.agent().model(), other.agent().model());
  }
}
