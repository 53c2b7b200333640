package dev.workflow.check;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Skill;
import org.jspecify.annotations.Nullable;

/**
 * An agent and where it is written.
 *
 * @param label for messages, such as {@code agent `planner`}
 * @param skill absent: it has none, or there is no such skill
 * @param pointer of its map in the long form
 * @param skillKey the key there that names the skill
 */
record Owner(String label, Agent agent, @Nullable Skill skill, String pointer, String skillKey) {

  /** Whether it names a skill that could not be read. */
  boolean lacksItsSkill() {
    return agent.skill() != null && skill == null;
  }

  /** Whether its skill has a workflow, which runs in the place of a model. */
  boolean runsWorkflow() {
    return skill != null && skill.workflow() != null;
  }

  /** The pointer of the name of its skill. */
  String atSkill() {
    return at(skillKey);
  }

  /** The pointer of one of its keys. */
  String at(String key) {
    return pointer + "/" + key;
  }

  /** What both the agent and its skill allow. */
  Policy policy() {
    return skill == null ? agent.policy() : agent.policy().and(skill.policy());
  }
}
