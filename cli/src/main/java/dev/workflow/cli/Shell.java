package dev.workflow.cli;

import dev.workflow.engine.ShellWords;

/** Words as a POSIX shell reads them. */
final class Shell {
  private Shell() {}

  /** The word, in single quotes where a shell would change it. */
  static String quoted(String word) {
    return ShellWords.quoted(word);
  }
}
