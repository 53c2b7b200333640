package dev.workflow.skills;

import java.util.List;

/**
 * What an update of a skill would change; nothing has been changed yet.
 *
 * @param from what is installed
 * @param to what would take its place
 * @param effects what it would be allowed or want to use from then on, in plain words; empty: the
 *     same as before
 * @param texts the difference of its files, unified and bounded
 */
public record SkillUpdate(
    LockedSkill from, Candidate to, List<String> effects, List<String> texts) {
  public SkillUpdate {
    effects = List.copyOf(effects);
    texts = List.copyOf(texts);
  }

  /** Whether what is installed is what would be installed. */
  public boolean isSame() {
    return from.tree().equals(to.hash());
  }
}
