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

/** Files that are on disk when the call returns. */
public final class DurableFile {
  private DurableFile() {}

  /**
   * Replaces a file: a reader, and whoever looks after a power failure, sees the old or the new
   * one. Its folder need not be there.
   */
  public static void replace(Path file, byte[] content) throws IOException {
    Path folder = folder(file);
    Files.createDirectories(folder);
    replace(file, folder, content);
  }

  /** The same for a file that only its owner may read (0600 in a folder of 0700). */
  public static void replacePrivate(Path file, byte[] content) throws IOException {
    Path folder = folder(file);
    Files.createDirectories(folder, ofOwner(folder, "rwx------"));
    replace(file, folder, content, ofOwner(folder, "rw-------"));
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file in a folder");
  }

  private static void replace(
      Path file, Path folder, byte[] content, FileAttribute<?>... attributes) throws IOException {
    Path fresh = folder.resolve("." + file.getFileName() + "-" + UUID.randomUUID() + ".tmp");
    try {
      write(fresh, content, attributes);
      try {
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
      }
      sync(folder);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /** Writes a file that nobody reads yet. */
  public static void write(Path file, byte[] content, FileAttribute<?>... attributes)
      throws IOException {
    Set<StandardOpenOption> options =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, attributes)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
  }

  /** Makes the names in a folder last; not every system can be asked for that. */
  public static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException folderCannotBeOpened) {
      return;
    }
  }

  /** Permissions of a file or folder to be made, where the system has such. */
  private static FileAttribute<?>[] ofOwner(Path folder, String mode) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
