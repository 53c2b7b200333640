package dev.workflow.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A cache that forgets nothing and tells what it was asked. */
final class MemoryCache implements Cache {
  final Map<String, Kept> kept = new LinkedHashMap<>();
  final List<String> asked = new ArrayList<>();

  @Override
  public Optional<Kept> find(String key) {
    asked.add(key);
    return Optional.ofNullable(kept.get(key));
  }

  @Override
  public void keep(String key, Kept value, Instant until) {
    kept.put(key, value);
  }
}
