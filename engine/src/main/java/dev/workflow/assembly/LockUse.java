package dev.workflow.assembly;

import dev.workflow.check.Locks.Mode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What checks make of lock files.
 *
 * @param strictWhereLocked whether whatever drifts is an error where there is a lock file
 * @param chosen capability to {@code server/tool}: bindings for the lock that is to be written
 * @param afresh whether the lock that is to be written keeps no binding of the one before
 */
public record LockUse(
    Mode mode, boolean strictWhereLocked, Map<String, String> chosen, boolean afresh) {
  /** A tool that is not what is locked is not called. */
  public static final LockUse DEFAULT = of(Mode.STOP, false);

  public LockUse {
    chosen = new LinkedHashMap<>(chosen);
  }

  /** Reads lock files. */
  public static LockUse of(Mode mode, boolean strictWhereLocked) {
    return new LockUse(mode, strictWhereLocked, Map.of(), false);
  }

  /** Is about to write one. */
  public static LockUse renewing(Map<String, String> chosen, boolean afresh) {
    return new LockUse(Mode.RENEW, false, chosen, afresh);
  }

  boolean renews() {
    return mode == Mode.RENEW;
  }
}
