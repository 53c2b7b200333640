package dev.workflow.mcp.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts a new text in the place of a file, so that whoever reads it, and whatever happens, finds the
 * old text or the new one: a new file in the same folder, forced to disk, takes its name, and then
 * the folder is forced.
 *
 * @param step told what is done; a test ends the process there
 */
record Replacement(Consumer<Step> step) {
  /** What is done, in this order. */
  enum Step {
    CREATED,
    HALF_WRITTEN,
    WRITTEN,
    FORCED,
    MOVED,
    FOLDER_FORCED
  }

  /**
   * Replaces the text of a file, or makes it; its folder must be there.
   *
   * @param ownerOnly whether a file that is new may be read by its owner alone; one that is there
   *     keeps its permissions
   */
  void write(Path file, String text, boolean ownerOnly) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent(), "a file in a folder");
    Path fresh = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      create(fresh, file, ownerOnly);
      step.accept(Step.CREATED);
      fill(fresh, text);
      move(fresh, file);
      step.accept(Step.MOVED);
    } finally {
      Files.deleteIfExists(fresh);
    }
    force(folder);
    step.accept(Step.FOLDER_FORCED);
  }

  /** Makes the folder of a file, where it is missing. */
  static void makeFolder(Path file, boolean ownerOnly) throws IOException {
    Path folder = Objects.requireNonNull(file.getParent(), "a file in a folder");
    Files.createDirectories(folder, attributes(folder, ownerOnly ? "rwx------" : null));
  }

  private static void create(Path fresh, Path file, boolean ownerOnly) throws IOException {
    boolean posix = isPosix(fresh);
    Files.createFile(fresh, attributes(fresh, ownerOnly ? "rw-------" : null));
    if (posix && Files.exists(file)) {
      Set<PosixFilePermission> kept = Files.getPosixFilePermissions(file);
      Files.setPosixFilePermissions(fresh, kept);
    }
  }

  private void fill(Path fresh, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      int all = bytes.limit();
      bytes.limit(all / 2);
      writeAll(channel, bytes);
      step.accept(Step.HALF_WRITTEN);
      bytes.limit(all);
      writeAll(channel, bytes);
      step.accept(Step.WRITTEN);
      channel.force(true);
      step.accept(Step.FORCED);
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      if (channel.write(bytes) == 0) {
        throw new IOException("the disk takes no more");
      }
    }
  }

  private static void move(Path fresh, Path file) throws IOException {
    try {
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Not every system lets a folder be opened; there the move is as durable as the system makes it.
   */
  private static void force(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] attributes(Path path, @Nullable String mode) {
    return mode != null && isPosix(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
