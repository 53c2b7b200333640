package dev.workflow.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts questions to the person at the terminal, one line at a time. */
final class Keyboard {
  private final Terminal terminal;
  private final BufferedReader lines;

  Keyboard(Terminal terminal, InputStream in) {
    this.terminal = terminal;
    this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Shows a text and reads a line; null at the end of input. */
  @Nullable String line(String prompt) {
    terminal.prompt(prompt);
    try {
      String line = lines.readLine();
      if (line != null) {
        terminal.answered();
      }
      return line;
    } catch (IOException e) {
      return null;
    }
  }

  /** One line of the conversation. */
  void show(String line) {
    terminal.prompt(line + "\n");
  }
}
