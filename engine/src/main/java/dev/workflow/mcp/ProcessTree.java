package dev.workflow.mcp;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * A process and everything it started. Descendants are remembered each time one looks, because they
 * get another parent when theirs ends.
 */
final class ProcessTree {
  /** How long to wait after each request to end; together under five seconds. */
  record Patience(Duration afterEndOfInput, Duration afterTerm, Duration afterKill) {
    static final Patience DEFAULT =
        new Patience(Duration.ofMillis(1_500), Duration.ofMillis(1_500), Duration.ofMillis(1_000));
  }

  /** A root that ended on its own gives its descendants this long to follow. */
  private static final Duration STRAGGLERS = Duration.ofMillis(250);

  private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

  private final ProcessHandle root;
  private final String mark;
  private final Set<ProcessHandle> members = ConcurrentHashMap.newKeySet();

  ProcessTree(ProcessHandle root, String mark) {
    this.root = root;
    this.mark = mark;
    members.add(root);
  }

  /** Remembers the descendants of now and returns every member that still runs. */
  Set<ProcessHandle> look() {
    root.descendants().forEach(members::add);
    members.addAll(Processes.carriers(mark));
    members.removeIf(member -> !member.equals(root) && !Processes.isRunning(member));
    Set<ProcessHandle> running = ConcurrentHashMap.newKeySet();
    members.stream().filter(Processes::isRunning).forEach(running::add);
    return running;
  }

  /** End of input, then TERM, then KILL, each to whatever is left. */
  void end(Runnable closeInput, Patience patience) {
    look();
    closeInput.run();
    if (gone(patience.afterEndOfInput(), true)) {
      return;
    }
    look().forEach(ProcessHandle::destroy);
    if (gone(patience.afterTerm(), false)) {
      return;
    }
    look().forEach(ProcessHandle::destroyForcibly);
    gone(patience.afterKill(), false);
  }

  private boolean gone(Duration patience, boolean rootFirst) {
    long start = System.nanoTime();
    long rootGone = Long.MAX_VALUE;
    while (System.nanoTime() - start < patience.toNanos()) {
      if (members.stream().noneMatch(Processes::isRunning)) {
        return look().isEmpty();
      }
      if (rootFirst && !Processes.isRunning(root)) {
        rootGone = Math.min(rootGone, System.nanoTime());
        if (System.nanoTime() - rootGone > STRAGGLERS.toNanos()) {
          return false;
        }
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return false;
  }
}
