package dev.workflow.models;

import java.time.Duration;

/**
 * How long a provider is waited for. The time of a whole reply is bounded by the step's {@code
 * timeout}.
 *
 * @param connect until the connection stands
 * @param silence until the first, and between two pieces of a reply; models that reason say nothing
 *     for minutes
 */
public record ProviderTimeouts(Duration connect, Duration silence) {

  /** What holds where nothing else is said. */
  public static final ProviderTimeouts DEFAULT =
      new ProviderTimeouts(Duration.ofSeconds(15), Duration.ofMinutes(5));
}
