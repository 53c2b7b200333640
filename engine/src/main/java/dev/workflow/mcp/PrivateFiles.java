package dev.workflow.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Files that only the user may read (0600 in folders of 0700), replaced in one step. */
final class PrivateFiles {
  private PrivateFiles() {}

  /** Replaces {@code file} by {@code text}: a reader sees the old text or the new one. */
  static void write(Path file, String text) {
    Path folder = Objects.requireNonNull(file.getParent(), "a file in a folder");
    try {
      Files.createDirectories(folder, permissions(folder, "rwx------"));
      Path fresh = Files.createTempFile(folder, ".new-", ".tmp", permissions(folder, "rw-------"));
      try {
        Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
        replace(fresh, file);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Opens a file for locking, created when it is not there. */
  static FileChannel open(Path file) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent(), "a file in a folder");
    Files.createDirectories(folder, permissions(folder, "rwx------"));
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        permissions(folder, "rw-------"));
  }

  private static void replace(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static FileAttribute<?>[] permissions(Path folder, String mode) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
