package dev.workflow.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What is piped into this process. */
final class Standard {
  private Standard() {}

  /** All of standard input, as text. */
  static String input(Context context) {
    try {
      return new String(context.in().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read standard input", e);
    }
  }
}
