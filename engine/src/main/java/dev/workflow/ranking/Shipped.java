package dev.workflow.ranking;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The files that the ranking brings along. */
final class Shipped {
  private Shipped() {}

  /** The lines of a file, without empty ones and comments. */
  static List<String> lines(String name) {
    try (InputStream file = Shipped.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("The engine was packed without its " + name);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The shipped " + name + " cannot be read", e);
    }
  }
}
