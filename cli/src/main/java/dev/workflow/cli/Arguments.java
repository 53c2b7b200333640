package dev.workflow.cli;

import java.util.List;

/** What a command takes: one argument, or several that belong together. */
interface Arguments {
  /** In the order of the help. */
  List<Argument<?>> each();
}
