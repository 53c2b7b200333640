package dev.workflow.assembly;

import dev.workflow.check.Locks;
import dev.workflow.definition.Skill;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Workspace;
import dev.workflow.skills.SkillFolders;
import dev.workflow.skills.SkillPackageException;
import dev.workflow.skills.WorkflowLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Lock files beside {@code skills/} of the workspace that a workflow works in. */
record WorkspaceLocks(LockUse use) implements Locks {

  /** Where the lock of a folder is. */
  static Path fileOf(Path folder) {
    return Workspace.of(folder).resolve(WorkflowLock.FILE);
  }

  /**
   * The name of a workflow in the lock of the folder that it works in; empty: it can have none, as
   * its file is not in there.
   */
  static String nameOf(Path folder, @Nullable Path file) {
    Path workspace = Workspace.of(folder);
    Path whole = file == null ? null : file.toAbsolutePath().normalize();
    return whole != null && whole.startsWith(workspace)
        ? workspace.relativize(whole).toString().replace('\\', '/')
        : "";
  }

  /**
   * Whether the lock of a workflow pins a definition of {@code server/tool}, by its digest. It is
   * read each time: somebody may have written it anew.
   */
  static BiPredicate<String, String> pinned(Path folder, @Nullable Path file) {
    return (tool, digest) -> {
      try {
        LockEntry entry = WorkflowLock.read(fileOf(folder)).workflows().get(nameOf(folder, file));
        ToolSpec locked = entry == null ? null : entry.tools().get(tool);
        return locked != null && locked.digest().equals(digest);
      } catch (SkillPackageException e) {
        return false;
      }
    };
  }

  @Override
  public Lock of(Path folder, @Nullable Path file) {
    Path lockFile = fileOf(folder);
    boolean demanded = use.mode() == Mode.STRICT;
    if (use.mode() == Mode.IGNORE || !(Files.exists(lockFile) || demanded || use.renews())) {
      return Lock.NONE;
    }
    Mode mode = use.strictWhereLocked() ? Mode.STRICT : use.mode();
    String name = nameOf(folder, file);
    try {
      WorkflowLock read = WorkflowLock.read(lockFile);
      LockEntry entry = read.workflows().get(name);
      return new Lock(
          lockFile,
          name,
          use.renews() ? kept(entry) : entry,
          use.chosen(),
          demanded || !(name.isEmpty() || read.workflows().isEmpty()),
          mode,
          List.of());
    } catch (SkillPackageException e) {
      return new Lock(lockFile, name, null, use.chosen(), false, mode, e.problems());
    }
  }

  /** What a new lock keeps: which tools were chosen, but not that none was there. */
  private @Nullable LockEntry kept(@Nullable LockEntry entry) {
    if (use.afresh() || entry == null) {
      return null;
    }
    SortedMap<String, SortedMap<String, String>> bindings = new TreeMap<>();
    entry
        .bindings()
        .forEach(
            (owner, bound) -> {
              SortedMap<String, String> tools = new TreeMap<>(bound);
              tools.values().removeIf(String::isEmpty);
              bindings.put(owner, tools);
            });
    return new LockEntry(entry.servers(), entry.tools(), bindings, entry.skills());
  }

  @Override
  public String hash(Skill skill) {
    return SkillFolders.hash(Path.of(skill.folder()));
  }

  @Override
  public List<String> edited(Skill skill) {
    return SkillFolders.edited(Path.of(skill.folder()));
  }
}
