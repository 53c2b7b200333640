package dev.workflow.cli;

import dev.workflow.engine.Documents;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A workflow on the command line.
 *
 * @param path its file, or the name that standard input goes by
 * @param text of standard input; absent: the file is read
 */
record Source(Path path, @Nullable String text) {

  /** The file, or standard input for {@code -}. */
  static Source of(Path file, InputStream in) {
    if (!file.toString().equals("-")) {
      return new Source(file, null);
    }
    try {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new Source(Path.of("stdin.yaml"), text);
    } catch (IOException e) {
      throw new UncheckedIOException("Standard input cannot be read", e);
    }
  }

  /** The file that it came from; absent: standard input. */
  @Nullable Path file() {
    return text == null ? path : null;
  }

  Documents.Reading read(Documents documents) {
    return text == null ? documents.workflow(path) : documents.workflow(path.toString(), text);
  }
}
