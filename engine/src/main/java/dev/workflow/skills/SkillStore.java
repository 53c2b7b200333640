package dev.workflow.skills;

import dev.workflow.engine.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of installed skills. A skill appears, changes and goes in one step: whoever looks sees
 * all of it or nothing, also after a crash. What a killed process left behind is put right by the
 * next one that changes something; such leftovers begin with a dot and are never taken for skills.
 */
final class SkillStore {
  private static final String LOCK = ".lock";
  private static final String STAGED = ".staged-";
  private static final String REPLACED = ".replaced-";
  private static final String REMOVED = ".removed-";

  /** Locks of the system are held by a process, so its threads need one of their own. */
  private static final ReentrantLock OF_PROCESS = new ReentrantLock();

  private final Path folder;

  SkillStore(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  Path of(String name) {
    return folder.resolve(name);
  }

  boolean has(String name) {
    return Files.exists(of(name), LinkOption.NOFOLLOW_LINKS);
  }

  /** Does something while nobody else changes the folder. */
  <T> T alone(Supplier<T> action) {
    OF_PROCESS.lock();
    try {
      Files.createDirectories(folder);
      FileChannel held = lock();
      try {
        sweep();
        return action.get();
      } finally {
        held.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The folder of skills " + folder + " cannot be changed", e);
    } finally {
      OF_PROCESS.unlock();
    }
  }

  /**
   * Waits for the lock of the folder, which ends with the process at the latest. Its file stays:
   * whoever waits for a deleted one would share nothing with whoever comes after.
   */
  private FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      channel.lock();
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Puts right what a killed process left behind. */
  private void sweep() throws IOException {
    List<Path> left;
    try (Stream<Path> children = Files.list(folder)) {
      left = children.toList();
    }
    for (Path each : left) {
      String name = each.getFileName().toString();
      if (name.startsWith(REPLACED)) {
        String skill = name.substring(REPLACED.length());
        if (has(skill)) {
          delete(each);
        } else {
          Files.move(each, of(skill), StandardCopyOption.ATOMIC_MOVE);
        }
      } else if (name.startsWith(STAGED) || name.startsWith(REMOVED)) {
        delete(each);
      }
    }
  }

  /**
   * Adds a skill, or puts it in the place of the one of its name.
   *
   * @param records what belongs to it and is written last; where that fails, what was there is
   *     there again
   */
  void put(String name, PackageTree tree, Runnable records) {
    Path staged = folder.resolve(STAGED + name);
    try {
      write(staged, tree);
      Path replaced = aside(name, REPLACED);
      boolean done = false;
      try {
        Files.move(staged, of(name), StandardCopyOption.ATOMIC_MOVE);
        DurableFile.sync(folder);
        records.run();
        done = true;
      } finally {
        if (!done) {
          Path removed = aside(name, REMOVED);
          back(replaced, name);
          discard(removed);
        }
      }
      discard(replaced);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The skill " + name + " cannot be written to " + folder + "; nothing was changed", e);
    } finally {
      discard(staged);
    }
  }

  /**
   * Removes a skill; one that is not there is none.
   *
   * @param records as of {@link #put}
   */
  void remove(String name, Runnable records) {
    try {
      Path removed = aside(name, REMOVED);
      boolean done = false;
      try {
        DurableFile.sync(folder);
        records.run();
        done = true;
      } finally {
        if (!done) {
          back(removed, name);
        }
      }
      discard(removed);
    } catch (IOException e) {
      throw new UncheckedIOException("The skill " + name + " cannot be removed", e);
    }
  }

  /** Moves a skill away, if there is one; returns where it is then. */
  private Path aside(String name, String prefix) throws IOException {
    Path aside = folder.resolve(prefix + name);
    if (has(name)) {
      Files.move(of(name), aside, StandardCopyOption.ATOMIC_MOVE);
    }
    return aside;
  }

  private void back(Path aside, String name) throws IOException {
    if (Files.exists(aside, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(aside, of(name), StandardCopyOption.ATOMIC_MOVE);
      DurableFile.sync(folder);
    }
  }

  /** Deletes what nobody needs any more; what stays of it is swept away by the next change. */
  private static void discard(Path folder) {
    try {
      delete(folder);
    } catch (IOException e) {
      return; // All that was asked for is done, or its own failure is on its way.
    }
  }

  /** The files of a skill as they are now; null: it is not there. */
  @Nullable PackageTree files(String name, PackageLimits limits) {
    return has(name) ? PackageTree.of(of(name), limits) : null;
  }

  /** Writes a package into a folder that is not there yet; all of it is on disk afterwards. */
  static void write(Path folder, PackageTree tree) throws IOException {
    Files.createDirectories(folder);
    for (Map.Entry<String, byte[]> file : tree.files().entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!path.normalize().startsWith(folder)) {
        throw new IOException("The file " + file.getKey() + " is outside of its folder");
      }
      Path parent = path.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      DurableFile.write(path, file.getValue());
    }
    try (Stream<Path> folders = Files.walk(folder)) {
      folders.filter(each -> Files.isDirectory(each)).forEach(DurableFile::sync);
    }
  }

  /** Deletes a folder with all that is in it; links are deleted, not followed. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(each);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
