package dev.workflow.skills;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code workflow.lock}: sorted JSON with a section for each kind of thing that is pinned.
 * This class alone reads and writes it. Sections and keys that it does not know are kept as they
 * are. Its shape: {@code schema/lock.schema.json}.
 */
public final class WorkflowLock {
  /** Its name, in a workspace and in the home. */
  public static final String FILE = "workflow.lock";

  private static final int VERSION = 1;
  private static final String SKILLS = "skills";

  private final Path file;
  private final ObjectNode document;

  private WorkflowLock(Path file, ObjectNode document) {
    this.file = file;
    this.document = document;
  }

  /**
   * Reads a lock file; one that is not there is empty.
   *
   * @throws SkillPackageException when it cannot be understood
   */
  public static WorkflowLock read(Path file) {
    ObjectNode document =
        SortedJson.read(file).orElseGet(() -> JsonNodeFactory.instance.objectNode());
    int version = document.path("version").asInt(VERSION);
    if (version > VERSION || !(document.path(SKILLS).isMissingNode() || hasObject(document))) {
      throw new SkillPackageException(
          List.of(
              Problem.invalid(
                  "lock-version",
                  Place.file(file.toString()),
                  "Expected a lock file of version %d, found another.".formatted(VERSION),
                  "A newer `workflow` has written it.")));
    }
    document
        .path(SKILLS)
        .forEachEntry(
            (name, skill) -> {
              if (!SkillFolders.isName(name)) {
                throw new SkillPackageException(
                    List.of(
                        Problem.invalid(
                            "lock-skill",
                            Place.file(file.toString()),
                            "Expected names of skills, found `%s`.".formatted(name),
                            "Restore the file from version control.")));
              }
            });
    return new WorkflowLock(file, document);
  }

  private static boolean hasObject(ObjectNode document) {
    return document.path(SKILLS).isObject();
  }

  /** The skills that are pinned, by name. */
  public Map<String, LockedSkill> skills() {
    Map<String, LockedSkill> skills = new TreeMap<>();
    section(SKILLS).forEachEntry((name, node) -> skills.put(name, LockedSkill.read(node)));
    return skills;
  }

  /** A section as it stands in the file; empty where there is none. */
  public JsonNode section(String name) {
    JsonNode section = document.path(name);
    return section.isObject() ? section : JsonNodeFactory.instance.objectNode();
  }

  /** Pins a skill in place of what was pinned under its name. */
  void put(String name, LockedSkill skill) {
    ObjectNode skills =
        document.path(SKILLS) instanceof ObjectNode some ? some : document.putObject(SKILLS);
    ObjectNode node = skills.path(name) instanceof ObjectNode some ? some : skills.putObject(name);
    skill.write(node);
  }

  /** Pins a skill no more. */
  void remove(String name) {
    if (document.path(SKILLS) instanceof ObjectNode skills) {
      skills.remove(name);
    }
  }

  @Nullable LockedSkill skill(String name) {
    return skills().get(name);
  }

  /** Writes the file in one step. */
  void write() {
    document.put("version", VERSION);
    SortedJson.write(file, SortedJson.text(document));
  }
}
