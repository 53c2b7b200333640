package dev.workflow.skills;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.Pointers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
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
  private static final String WORKFLOWS = "workflows";

  /** In the home, so that no folder of a project gets a file that is not to be committed. */
  private static final String MUTEX = "workflow-lock.mutex";

  /** Locks of the system are held by a process, so its threads need one of their own. */
  private static final ReentrantLock OF_PROCESS = new ReentrantLock();

  private final Path file;
  private final ObjectNode document;
  private final SortedMap<String, LockEntry> workflows;

  private WorkflowLock(Path file, ObjectNode document, SortedMap<String, LockEntry> workflows) {
    this.file = file;
    this.document = document;
    this.workflows = workflows;
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
    if (version > VERSION || !isSection(document.path(SKILLS))) {
      throw unreadable(
          Rule.LOCK_VERSION,
          file,
          "Expected a lock file of version %d, found another.".formatted(VERSION),
          "A newer `workflow` has written it.");
    }
    document
        .path(SKILLS)
        .forEachEntry(
            (name, skill) -> {
              if (!SkillFolders.isName(name)) {
                throw unreadable(
                    Rule.LOCK_SKILL,
                    file,
                    "Expected names of skills, found `%s`.".formatted(name),
                    "Restore the file from version control.");
              }
            });
    return new WorkflowLock(file, document, workflows(file, document));
  }

  private static SortedMap<String, LockEntry> workflows(Path file, ObjectNode document) {
    SortedMap<String, LockEntry> workflows = new TreeMap<>();
    String pointer = "/" + WORKFLOWS;
    try {
      if (!isSection(document.path(WORKFLOWS))) {
        throw new LockedWorkflow.Misshapen(pointer, "an object");
      }
      document
          .path(WORKFLOWS)
          .forEachEntry(
              (name, node) ->
                  workflows.put(name, LockedWorkflow.read(node, Pointers.child(pointer, name))));
    } catch (LockedWorkflow.Misshapen e) {
      throw unreadable(
          Rule.LOCK_SHAPE,
          file,
          String.valueOf(e.getMessage()),
          "Restore the file from version control, or remove the entry and lock it anew.");
    }
    return workflows;
  }

  private static boolean isSection(JsonNode node) {
    return node.isMissingNode() || node.isObject();
  }

  private static SkillPackageException unreadable(
      Rule rule, Path file, String message, String hint) {
    return new SkillPackageException(
        List.of(Problem.invalid(rule, Place.file(file.toString()), message, hint)));
  }

  /**
   * Changes a lock file in one step, while nobody else of this home does: two who change it at a
   * time lose nothing of each other. A change that leaves it as it is writes nothing.
   *
   * @param home folder in which those who write wait for each other
   * @throws SkillPackageException when it cannot be understood; then it stays as it is
   */
  public static <T extends @Nullable Object> T change(
      Path home, Path file, Function<WorkflowLock, T> edit) {
    OF_PROCESS.lock();
    try {
      Files.createDirectories(home);
      try (FileChannel channel =
              FileChannel.open(
                  home.resolve(MUTEX), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        WorkflowLock lock = read(file);
        String before = SortedJson.text(lock.document);
        T given = edit.apply(lock);
        if (held.isValid() && !SortedJson.text(lock.document).equals(before)) {
          lock.write();
        }
        return given;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be changed", e);
    } finally {
      OF_PROCESS.unlock();
    }
  }

  /** The workflows that are pinned, by the path of their file from the folder of this one. */
  public SortedMap<String, LockEntry> workflows() {
    return Collections.unmodifiableSortedMap(workflows);
  }

  /** Pins a workflow in place of what was pinned of it. */
  public void put(String name, LockEntry entry) {
    ObjectNode all =
        document.path(WORKFLOWS) instanceof ObjectNode some ? some : document.putObject(WORKFLOWS);
    ObjectNode node = all.path(name) instanceof ObjectNode some ? some : all.putObject(name);
    LockedWorkflow.write(node, entry);
    workflows.put(name, entry);
  }

  /** Pins a workflow no more. */
  public void removeWorkflow(String name) {
    if (document.path(WORKFLOWS) instanceof ObjectNode all) {
      all.remove(name);
      workflows.remove(name);
    }
  }

  /** The skills that are pinned, by name. */
  public Map<String, LockedSkill> skills() {
    Map<String, LockedSkill> skills = new TreeMap<>();
    document.path(SKILLS).forEachEntry((name, node) -> skills.put(name, LockedSkill.read(node)));
    return skills;
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

  private void write() {
    document.put("version", VERSION);
    SortedJson.write(file, SortedJson.text(document));
  }
}
