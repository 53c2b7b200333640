package dev.workflow.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * Files that are on disk when the call returns. A file is replaced by a new one in the same folder,
 * forced to disk, that takes its name; then the folder is forced. So a reader, a process that is
 * killed at any step, and whoever looks after a power failure, finds the old content or the new
 * one.
 */
public final class DurableFile {
  private static final String FOLDER_OF_OWNER = "rwx------";
  private static final String FILE_OF_OWNER = "rw-------";

  private DurableFile() {}

  /** What is done to replace a file, in this order. */
  public enum Step {
    CREATED,
    HALF_WRITTEN,
    WRITTEN,
    FORCED,
    MOVED,
    FOLDER_FORCED
  }

  /** Replaces a file, which keeps its permissions. Its folder need not be there. */
  public static void replace(Path file, byte[] content) throws IOException {
    replace(file, content, false, step -> {});
  }

  /** Replaces a file that only its owner may read (0600, in a folder that is made with 0700). */
  public static void replacePrivate(Path file, byte[] content) throws IOException {
    replace(file, content, true, step -> {});
  }

  /**
   * Replaces a file.
   *
   * @param ofOwner whether only its owner may read it
   * @param done told of each step; a test ends the process there
   */
  public static void replace(Path file, byte[] content, boolean ofOwner, Consumer<Step> done)
      throws IOException {
    Path folder = makeFolder(file, ofOwner);
    Path fresh = folder.resolve("." + file.getFileName() + "-" + UUID.randomUUID() + ".tmp");
    try {
      create(fresh, file, ofOwner);
      done.accept(Step.CREATED);
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        fill(channel, content, done);
      }
      try {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      }
      done.accept(Step.MOVED);
      sync(folder);
      done.accept(Step.FOLDER_FORCED);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** The folder of a file, made where it is missing, for its owner alone or for all. */
  public static Path makeFolder(Path file, boolean ofOwner) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file in a folder");
    Files.createDirectories(
        folder, ofOwner ? permissions(folder, FOLDER_OF_OWNER) : new FileAttribute<?>[0]);
    return folder;
  }

  /**
   * Opens a file that only its owner may read, for locking; made where it is missing. Never replace
   * one: who has it locked must be the only one.
   */
  public static FileChannel openPrivate(Path file) throws IOException {
    makeFolder(file, true);
    return FileChannel.open(
        file, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), ofOwner(file));
  }

  /** What makes a new file one that its owner alone may read, where the system has permissions. */
  private static FileAttribute<?>[] ofOwner(Path file) {
    return permissions(file, FILE_OF_OWNER);
  }

  private static void create(Path fresh, Path file, boolean ofOwner) throws IOException {
    boolean keeps = !ofOwner && hasPermissions(file) && Files.exists(file);
    Files.createFile(fresh, ofOwner || keeps ? ofOwner(fresh) : new FileAttribute<?>[0]);
    if (keeps) {
      Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(file));
    }
  }

  /** Writes a file that nobody reads yet. */
  public static void write(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      fill(channel, content, step -> {});
    }
  }

  private static void fill(FileChannel channel, byte[] content, Consumer<Step> done)
      throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(content);
    rest.limit(content.length / 2);
    writeAll(channel, rest);
    done.accept(Step.HALF_WRITTEN);
    rest.limit(content.length);
    writeAll(channel, rest);
    done.accept(Step.WRITTEN);
    channel.force(true);
    done.accept(Step.FORCED);
  }

  private static void writeAll(FileChannel channel, ByteBuffer rest) throws IOException {
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        throw new IOException("the disk takes no more");
      }
    }
  }

  /**
   * Makes the names in a folder last. Not every system can be asked for that, and what has its name
   * is written: then nothing is said.
   */
  public static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException folderCannotBeOpened) {
      return;
    }
  }

  private static FileAttribute<?>[] permissions(Path path, String mode) {
    return hasPermissions(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
