package dev.workflow.assembly;

import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Locks.Mode;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Price;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  private static final ModelRef ANY = ModelRef.parse("ollama/any");

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

  /** Whether whatever drifts is an error, wherever there is a lock file. */
  boolean isStrict() {
    return mode == Mode.STRICT || strictWhereLocked;
  }

  boolean renews() {
    return mode == Mode.RENEW;
  }

  /** The wishes of a check that writes a lock: no alias is missing that a user may define. */
  static ModelWishes anyModels(ModelWishes given) {
    Map<String, List<ModelRef>> shared = new LinkedHashMap<>(given.shared());
    shared.putIfAbsent("default", List.of(ANY));
    return new ModelWishes(false, false, shared, given.chosen(), model -> Optional.of(Price.FREE));
  }
}
