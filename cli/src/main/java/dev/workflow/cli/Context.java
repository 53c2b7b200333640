package dev.workflow.cli;

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
    StringBuilder line = new StringBuilder(program());
    words.forEach(word -> line.append(' ').append(Shell.quoted(word)));
    return line.toString();
  }

  String line(String... words) {
    return line(List.of(words));
  }

  /** How this program was called, as its launcher says. */
  private String program() {
    return Shell.quoted(environment.getOrDefault("WORKFLOW_COMMAND", "workflow"));
  }
}
