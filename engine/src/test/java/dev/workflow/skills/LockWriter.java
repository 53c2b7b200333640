package dev.workflow.skills;

import java.nio.file.Path;

/** A process that writes a lock file again and again, until it is killed. */
final class LockWriter {
  private LockWriter() {}

  /** Arguments: the home, the lock file, the name of the workflow that it pins. */
  public static void main(String[] args) {
    for (int i = 0; ; i++) {
      int times = i;
      WorkflowLock.change(
          Path.of(args[0]),
          Path.of(args[1]),
          lock -> {
            lock.put(args[2], WorkflowLockTest.entry(times % 50 + 1));
            return true;
          });
      System.out.println(i);
    }
  }
}
