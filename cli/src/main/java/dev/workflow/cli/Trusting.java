package dev.workflow.cli;

import dev.workflow.mcp.Trust;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Decides whether servers that a workspace or a workflow defines may start. The default is no.
 *
 * @param forThisRun {@code --trust}: yes, for this run alone
 */
record Trusting(Context context, Trust trust, boolean forThisRun) {

  /** Whether all of them may start now; approvals of a person are kept. */
  boolean approve(List<Trust.Question> questions) {
    Terminal terminal = context.terminal();
    boolean canAsk = terminal.screen().isInteractive();
    for (Trust.Question question : questions) {
      question.explanation().forEach(line -> terminal.say("  " + line));
      if (!forThisRun && !(canAsk && asked(question))) {
        refuse(question.entry().alias());
        return false;
      }
    }
    if (forThisRun) {
      terminal.say("Approved by --trust, for this run and its resumes.");
    }
    return true;
  }

  private void refuse(String server) {
    context.terminal().say("Nothing was started: server " + server + " is not approved.");
    context.terminal().say("To start what this workflow wants, for one run and its resumes:");
    context.terminal().say("  " + context.line(withTrust()));
    context.terminal().say("The same line without --trust asks in a terminal, and remembers.");
  }

  private List<String> withTrust() {
    List<String> words = new ArrayList<>(context.arguments());
    words.add("--trust");
    return words;
  }

  private boolean asked(Trust.Question question) {
    Terminal terminal = context.terminal();
    terminal.hold();
    try {
      String answer =
          new Keyboard(terminal, context.in())
              .line("Start this server, now and in later runs? [y/N] ");
      boolean yes = answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
      if (yes) {
        trust.approve(question.entry());
      }
      return yes;
    } finally {
      terminal.release();
    }
  }
}
