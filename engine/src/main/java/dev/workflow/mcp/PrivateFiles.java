package dev.workflow.mcp;

import dev.workflow.engine.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

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
}
