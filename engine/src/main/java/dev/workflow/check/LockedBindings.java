package dev.workflow.check;

import dev.workflow.check.Locks.Lock;
import dev.workflow.check.Locks.Mode;
import dev.workflow.engine.LockEntry;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a lock says the capabilities of one workflow are bound to, and what they are bound to now.
 *
 * @param part the name of the workflow; empty: the root
 * @param found to which is added what is bound, for the next lock
 * @param gone to which the locked tools are added that are needed and not offered
 */
record LockedBindings(
    Lock lock,
    String part,
    SortedMap<String, SortedMap<String, String>> found,
    SortedSet<String> gone) {

  /** All steps that call capabilities are bound alike. */
  private static final String STEPS = "steps";

  /** The tool that is locked for a need; empty: none; null: nothing is locked. */
  @Nullable String tool(Binder.Need need) {
    String chosen = lock.chosen().get(need.capability());
    if (chosen != null) {
      return chosen;
    }
    LockEntry entry = lock.entry();
    SortedMap<String, String> bound = entry == null ? null : entry.bindings().get(owner(need));
    String tool = bound == null ? null : bound.get(need.capability());
    return tool == null || (tool.isEmpty() && need.required()) ? null : tool;
  }

  /** Whether another tool may be bound where the one that is locked is gone. */
  boolean mayRebind(Binder.Need need) {
    return lock.mode() == Mode.RENEW && !lock.chosen().containsKey(need.capability());
  }

  /** Notes what a need is bound to; empty: nothing. */
  void note(Binder.Need need, String tool) {
    found.computeIfAbsent(owner(need), each -> new TreeMap<>()).put(need.capability(), tool);
  }

  /** Notes that a need is locked to a tool that is not offered; that is told as an error. */
  void noteGone(Binder.Need need, String tool) {
    note(need, tool);
    gone.add(tool);
  }

  private String owner(Binder.Need need) {
    String pointer = need.pointer();
    String owner =
        pointer.endsWith("/capability")
            ? STEPS
            : pointer.substring(1, Math.max(1, pointer.lastIndexOf('/')));
    return part.isEmpty() ? owner : part + "#" + owner;
  }
}
