package dev.workflow.engine;

/** The cache that stands in for the real one keeps its contract. */
class MemoryCacheTest extends CacheContract {
  @Override
  protected Cache cache() {
    return new MemoryCache();
  }
}
