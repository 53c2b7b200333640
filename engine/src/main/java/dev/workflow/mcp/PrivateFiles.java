package dev.workflow.mcp;

import dev.workflow.engine.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** Files of the home that only the user may read. */
final class PrivateFiles {
  private PrivateFiles() {}

  /** Replaces {@code file} by {@code text}: a reader sees the old text or the new one. */
  static void write(Path file, String text) {
    try {
      DurableFile.replacePrivate(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  /** Opens a file for locking, created when it is not there. */
  static FileChannel open(Path file) throws IOException {
    DurableFile.makeFolder(file, true);
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
        DurableFile.ofOwner(file));
  }
}
