package dev.workflow.cli;

import dev.workflow.engine.ShellWords;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * Where a command runs.
 *
 * @param in standard input
 * @param environment variables of the process
 * @param arguments of the whole command line, for lines that repeat it
 */
record Context(
    Terminal terminal, InputStream in, Map<String, String> environment, List<String> arguments) {
  Context {
    environment = Map.copyOf(environment);
    arguments = List.copyOf(arguments);
  }

  /** A command line that a person can paste: this program with the given arguments. */
  String line(List<String> words) {
    return program() + " " + ShellWords.line(words);
  }

  String line(String... words) {
    return line(List.of(words));
  }

  /** How this program was called, as its launcher says. */
  private String program() {
    return ShellWords.quoted(environment.getOrDefault("WORKFLOW_COMMAND", "workflow"));
  }
}
