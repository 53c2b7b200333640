package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Cache.Kept;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every {@link Cache} that keeps something does. */
public abstract class CacheContract {
  protected static final Instant AT = Instant.parse("2026-11-21T10:00:00.123456789Z");
  protected static final Instant LATER = AT.plus(Duration.ofHours(1));

  /** An empty cache. */
  protected abstract Cache cache();

  /** A value of a run. */
  protected static Kept kept(String run, String json) {
    JsonNode output = JsonMapper.shared().readTree(json);
    return new Kept(output, run, StepPath.of("days").element("a]b").child("plan"), AT);
  }

  @Test
  void whatWasNeverKeptIsNotFound() {
    Cache cache = cache();
    cache.keep("one", kept("r1", "1"), LATER);
    assertThat(cache.find("two")).isEmpty();
  }

  @Test
  void whatWasKeptIsFoundAsItWas() {
    Cache cache = cache();
    Kept kept = kept("r1", "{\"n\":1,\"long\":12345678901,\"x\":[1.50,null,\"é\"],\"m\":{}}");
    cache.keep("key", kept, LATER);
    assertThat(cache.find("key")).contains(kept);
  }

  @Test
  void theNewestIsKept() {
    Cache cache = cache();
    cache.keep("key", kept("r1", "1"), LATER);
    cache.keep("key", kept("r2", "2"), LATER);
    assertThat(cache.find("key")).map(Kept::run).isEqualTo(Optional.of("r2"));
  }
}
