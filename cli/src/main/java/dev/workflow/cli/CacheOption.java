package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import java.util.List;

/** Whether steps with a {@code cache} may be answered by earlier runs. */
final class CacheOption implements Arguments {
  private final Argument<Boolean> none =
      Argument.flag(
          "--no-cache", "Runs every step, and keeps no output for later runs; see cache in steps.");

  @Override
  public List<Argument<?>> each() {
    return none.each();
  }

  void apply(WorkflowEngine engine) {
    if (none.value()) {
      engine.useNoCache();
    }
  }
}
