package dev.workflow.cli;

import dev.workflow.assembly.LockUse;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.Locks.Mode;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** How strictly a workflow is held against its lock file. */
final class LockOption implements Arguments {
  private static final Set<String> YES = Set.of("true", "1");

  private final Argument<Boolean> locked =
      Argument.flag(
          "--locked",
          "Nothing may differ from workflow.lock; else nothing is called (exit code 9). Implied by"
              + " CI=true where there is one.");
  private final Argument<Boolean> notLocked =
      Argument.flag("--no-locked", "Not even with CI=true.");

  @Override
  public List<Argument<?>> each() {
    return List.of(locked, notLocked);
  }

  /**
   * Has an engine do so.
   *
   * @param otherwise what is made of lock files where nothing is said
   */
  void apply(WorkflowEngine engine, Context context, Mode otherwise) {
    if (locked.value() && notLocked.value()) {
      throw new UsageException("Expected one of --locked and --no-locked, found both.");
    }
    String ci = context.environment().getOrDefault("CI", "").strip().toLowerCase(Locale.ROOT);
    engine.use(
        LockUse.of(
            locked.value() ? Mode.STRICT : otherwise,
            locked.value() || (YES.contains(ci) && !notLocked.value())));
  }
}
