package dev.workflow.engine;

import dev.workflow.run.StepPath;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What steps gave, kept for later runs. No run depends on it: what cannot be found was never there,
 * and what cannot be kept is not. Safe for several threads and processes.
 */
public interface Cache {

  /** Finds nothing and keeps nothing. */
  Cache NONE =
      new Cache() {
        @Override
        public Optional<Kept> find(String key) {
          return Optional.empty();
        }

        @Override
        public void keep(String key, Kept kept, Instant until) {}
      };

  /**
   * What is kept under a key, however old it is.
   *
   * @param key all that decides the value. It may hold digests of secrets: it is written nowhere
   *     but as a hash that nobody can repeat without the key of this home
   */
  Optional<Kept> find(String key);

  /**
   * Keeps a value in the place of the one before.
   *
   * @param until when it may be forgotten
   */
  void keep(String key, Kept kept, Instant until);

  /**
   * A value.
   *
   * @param output as the journal of its run has it
   * @param run that gave it, in its {@code step}
   * @param at when that step succeeded
   */
  record Kept(JsonNode output, String run, StepPath step, Instant at) {}
}
