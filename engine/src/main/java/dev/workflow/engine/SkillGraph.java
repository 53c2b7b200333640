package dev.workflow.engine;

import dev.workflow.definition.Skill;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a workflow of a skill among {@link Resolved#workflows}. Each agent that has the skill
 * runs it by itself, as tools, model and policy are those that the agent gives it; inside, the same
 * skill again is the same workflow again.
 *
 * @param from name of the workflow that uses the skill
 * @param owner name of the agent that has the skill, of a {@code skill} or {@code workflow} step
 *     that of the step
 * @param file in the skill's folder
 */
public record SkillGraph(String from, String owner, String skill, String file) {
  private static final Pattern NAME = Pattern.compile("(.*)@([^@/]*)@([^@/]*)/(.*)");

  /** What a name says; empty: it is that of a file outside of skills. */
  public static Optional<SkillGraph> of(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new SkillGraph(matcher.group(1), matcher.group(2), matcher.group(3), matcher.group(4)))
        : Optional.empty();
  }

  /** The workflow that a skill runs for an agent. */
  static String nameOf(String from, String owner, String skill, String file) {
    for (Optional<SkillGraph> around = of(from);
        around.isPresent();
        around = of(around.get().from)) {
      if (around.get().skill.equals(skill)) {
        return around.get().with(file).name();
      }
    }
    return new SkillGraph(from, owner.replace('/', '~'), skill, file).name();
  }

  /** The same of a skill that has a workflow. */
  public static String nameOf(String from, String owner, Skill skill) {
    return nameOf(from, owner, skill.name(), String.valueOf(skill.workflow()));
  }

  /**
   * The name of the workflow, of no skill itself, in which skills come to run the one of a name.
   */
  public static String user(String name) {
    return of(name).map(graph -> user(graph.from)).orElse(name);
  }

  /** A name for people. */
  public static String label(String name) {
    return of(name).map(SkillGraph::label).orElse(name);
  }

  private String label() {
    String who = owner.replace('~', '/');
    String around = from.isEmpty() ? "" : " in " + label(from);
    return "%s of skill %s (%s)%s".formatted(file, skill, who, around);
  }

  private SkillGraph with(String other) {
    return new SkillGraph(from, owner, skill, other);
  }

  private String name() {
    return from + "@" + owner + "@" + skill + "/" + file;
  }
}
