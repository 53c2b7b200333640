package dev.workflow.cli;

import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import tools.jackson.databind.JsonNode;

/** Standard output for data, standard error for everything that is said about it. */
final class Terminal {
  private final PrintStream out;
  private final PrintStream err;

  Terminal(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /** The streams of this process, in UTF-8. */
  static Terminal ofProcess() {
    return new Terminal(
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8));
  }

  /** One line of data. */
  void data(String line) {
    out.println(Printable.text(line));
  }

  /** One JSON object in one line; JSON escapes what could steer a terminal. */
  void json(JsonNode value) {
    out.println(value.toString());
  }

  /** One JSON object, indented for people. */
  void prettyJson(JsonNode value) {
    out.println(value.toPrettyString());
  }

  /** Something for people. */
  void say(String line) {
    err.println(Printable.text(line));
  }

  /** Problems with an empty line between them. */
  void problems(Collection<Problem> problems) {
    if (!problems.isEmpty()) {
      err.println(ProblemText.of(problems));
    }
  }

  /** What it prints to; only for the live view, which makes its own lines safe. */
  PrintStream err() {
    return err;
  }
}
