package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import java.util.List;

/** Whether steps with a {@code cache} may be answered by earlier runs. */
final class CacheOption implements Arguments {
  private final Argument<Boolean> none =
      Argument.flag(
          "--no-cache", "Takes no output of earlier runs for steps with cache, and keeps none.");

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
