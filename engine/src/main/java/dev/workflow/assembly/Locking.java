package dev.workflow.assembly;

import dev.workflow.check.Checked;
import dev.workflow.check.Folder;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.LockEntry.Drift;
import dev.workflow.skills.WorkflowLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes what workflows are checked with to lock files. Nothing else does. */
public final class Locking {
  private final Path home;

  Locking(Path home) {
    this.home = home;
  }

  /**
   * What is to become of one workflow in a lock file.
   *
   * @param file the lock file
   * @param name of the workflow in it
   * @param before absent: it was not locked
   * @param after absent: it is locked no more
   */
  public record Change(
      Path file, String name, @Nullable LockEntry before, @Nullable LockEntry after) {

    /** What differs; none: the lock is what it would be. */
    public List<Drift> drifts() {
      return before == null || after == null ? List.of() : before.driftTo(after, server -> false);
    }

    /** Whether there is something to write. */
    public boolean isOne() {
      return before == null || after == null || !drifts().isEmpty();
    }
  }

  /**
   * What a lock of a definition would change.
   *
   * @param file that it was read from
   * @throws IllegalArgumentException when its file is not in the folder that it works in
   */
  public Change change(Path file, Checked.Definition definition) {
    Path folder = Folder.of(definition.resolved().workflow(), file);
    String name = WorkspaceLocks.nameOf(folder, file);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          file + " works in another folder than it is in, so no lock file can name it");
    }
    Path lockFile = WorkspaceLocks.fileOf(folder);
    return new Change(
        lockFile, name, WorkflowLock.read(lockFile).workflows().get(name), definition.lock());
  }

  /** The workflows whose files are gone, in the lock file of a folder. */
  public List<Change> gone(Path folder) {
    Path lockFile = WorkspaceLocks.fileOf(folder);
    List<Change> gone = new ArrayList<>();
    WorkflowLock.read(lockFile)
        .workflows()
        .forEach(
            (name, entry) -> {
              if (!Files.exists(lockFile.resolveSibling(name))) {
                gone.add(new Change(lockFile, name, entry, null));
              }
            });
    return gone;
  }

  /** Writes changes; each file in one step. */
  public void write(List<Change> changes) {
    for (Path file : changes.stream().map(Change::file).distinct().toList()) {
      WorkflowLock.change(
          home,
          file,
          lock -> {
            changes.stream()
                .filter(change -> change.file().equals(file))
                .forEach(change -> write(change, lock));
            return file;
          });
    }
  }

  private static void write(Change change, WorkflowLock lock) {
    if (change.after() == null) {
      lock.removeWorkflow(change.name());
    } else {
      lock.put(change.name(), change.after());
    }
  }
}
