package dev.workflow.skills;

import dev.workflow.definition.Rule;
import java.time.Duration;
import org.eclipse.jgit.lib.ProgressMonitor;

/** Ends a download that takes too long as a whole, however busy it is. */
final class Deadline implements ProgressMonitor {
  private final String where;
  private final Duration time;
  private final long end;

  /** From now on. */
  Deadline(String where, Duration time) {
    this.where = where;
    this.time = time;
    this.end = System.nanoTime() + time.toNanos();
  }

  /** Throws when the time is over. */
  void check() {
    if (System.nanoTime() - end > 0) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_TIME,
          where,
          "Expected a download that is over in %d seconds, gave it up.".formatted(time.toSeconds()),
          "Nothing was installed.");
    }
  }

  @Override
  public boolean isCancelled() {
    check();
    return false;
  }

  @Override
  public void start(int tasks) {}

  @Override
  public void beginTask(String title, int work) {}

  @Override
  public void update(int completed) {}

  @Override
  public void endTask() {}

  @Override
  public void showDuration(boolean enabled) {}
}
