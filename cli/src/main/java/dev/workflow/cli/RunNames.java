package dev.workflow.cli;

import dev.workflow.engine.Journal;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.engine.ShellWords;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the run that a person means. */
final class RunNames {
  private static final int SHOWN_MAX = 10;

  private RunNames() {}

  /**
   * The one run that a text means: its id, a unique beginning of it, or {@code last}.
   *
   * @throws UsageException when there is none, or more than one
   */
  static String find(Journal journal, String text) {
    return summary(journal, text).run();
  }

  /** Whether there is a run of just this id. */
  static boolean isTaken(Journal journal, String id) {
    return journal.find(id).stream().anyMatch(run -> run.run().equals(id));
  }

  static RunSummary summary(Journal journal, String text) {
    List<RunSummary> found = journal.find(text);
    if (found.isEmpty()) {
      throw new UsageException(
          text.equals("last")
              ? "There is no run yet."
              : "There is no run " + ShellWords.quoted(text) + ". List them: workflow runs list");
    }
    if (found.size() > 1) {
      throw new UsageException(
          ShellWords.quoted(text)
              + " is the beginning of "
              + found.size()
              + " runs:\n"
              + found.stream()
                  .limit(SHOWN_MAX)
                  .map(run -> "  " + run.run() + "  " + run.workflow() + "  " + run.status().word())
                  .collect(Collectors.joining("\n")));
    }
    return found.get(0);
  }
}
