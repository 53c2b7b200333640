package dev.workflow.cli;

import dev.workflow.mcp.ServerCommand;
import dev.workflow.mcp.ServerEntry;
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
    for (Trust.Question question : questions) {
      if (!forThisRun && !isInteractive()) {
        show(question);
        refuse(question.entry());
        return false;
      }
      if (forThisRun) {
        show(question);
      } else if (!asked(question)) {
        refuse(question.entry());
        return false;
      }
    }
    if (forThisRun) {
      terminal.say("Approved by --trust, for this run and its resumes.");
    }
    return true;
  }

  private boolean isInteractive() {
    return context.terminal().screen().isInteractive();
  }

  private void show(Trust.Question question) {
    question.explanation().forEach(line -> context.terminal().say("  " + line));
  }

  private void refuse(ServerEntry server) {
    context.terminal().say("Nothing was started: server " + server.alias() + " is not approved.");
    context.terminal().say("To approve what is shown above, for all runs, in a terminal:");
    context.terminal().say("  " + context.line(ServerCommand.words("trust", server)));
    context
        .terminal()
        .say("To start what is wanted here this time alone (a run: in its resumes, too):");
    context.terminal().say("  " + context.line(withTrust()));
  }

  private List<String> withTrust() {
    List<String> words = new ArrayList<>(context.arguments());
    words.add("--trust");
    return words;
  }

  /**
   * Shows what would start and asks a person; where there is none the answer is no, and the digest
   * is shown that stands for a yes to exactly this.
   */
  boolean asked(Trust.Question question) {
    Terminal terminal = context.terminal();
    show(question);
    if (!isInteractive()) {
      terminal.say(
          "Nothing was approved: there is no terminal to ask in. To approve what is shown:");
      List<String> words = new ArrayList<>(ServerCommand.words("trust", question.entry()));
      words.addAll(List.of("--digest", question.key()));
      terminal.say("  " + context.line(words));
      return false;
    }
    terminal.hold();
    try {
      String answer =
          new Keyboard(terminal, context.in())
              .line("Start this server, now and in later runs? [y/N] ");
      boolean yes = answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
      if (yes) {
        trust.approve(question);
      }
      return yes;
    } finally {
      terminal.release();
    }
  }
}
