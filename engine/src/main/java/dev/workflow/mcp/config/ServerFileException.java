package dev.workflow.mcp.config;

import dev.workflow.definition.Problem;
import dev.workflow.definition.ProblemText;
import java.util.List;

/** A file of servers cannot be read, or would not be sound after a change; nothing was written. */
public final class ServerFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /** With all that is wrong. */
  public ServerFileException(List<Problem> problems) {
    super(ProblemText.of(problems));
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, at least one error. */
  public List<Problem> problems() {
    return problems;
  }
}
