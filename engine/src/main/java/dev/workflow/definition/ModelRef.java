package dev.workflow.definition;

import org.jspecify.annotations.Nullable;

/**
 * One model of one provider.
 *
 * @param provider {@code openai}, {@code anthropic} or {@code ollama}
 * @param model the provider's name of the model
 * @param baseUrl address of an OpenAI-compatible server; absent: the provider's own
 * @param temperature sampling temperature; absent: the provider's default
 * @param reasoning effort of a reasoning model: {@code low}, {@code medium} or {@code high}
 * @param maxTokens bound on one reply; absent: 8192
 */
public record ModelRef(
    String provider,
    String model,
    @Nullable String baseUrl,
    @Nullable Double temperature,
    @Nullable String reasoning,
    @Nullable Integer maxTokens) {

  /** A model with the provider's own settings. */
  public static ModelRef of(String provider, String model) {
    return new ModelRef(provider, model, null, null, null, null);
  }

  /** {@code provider/model}, as it is written in YAML. */
  public String name() {
    return provider + "/" + model;
  }
}
