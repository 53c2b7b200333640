package dev.workflow.cli;

import dev.workflow.mcp.Trust;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Asks whether servers that a workspace or a workflow defines may start. The default is no. */
record Trusting(Terminal terminal, Trust trust, boolean forThisRun) {

  /** Whether all of them may start now. */
  boolean approve(List<Trust.Question> questions, Path file) {
    for (Trust.Question question : questions) {
      question.explanation().forEach(terminal::say);
      if (!forThisRun && !asked(question)) {
        terminal.say(
            "Not started: server "
                + question.entry().alias()
                + " is not approved. To approve it for one run: workflow run "
                + file
                + " --trust");
        return false;
      }
    }
    return true;
  }

  private boolean asked(Trust.Question question) {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    String answer = console.readLine("Start this server, now and in later runs? [y/N] ");
    boolean yes = answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    if (yes) {
      trust.approve(question.entry());
    }
    return yes;
  }
}
