package dev.workflow.definition;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One model of one provider.
 *
 * @param provider {@code openai}, {@code anthropic} or {@code ollama}
 * @param model the provider's name of the model
 * @param baseUrl address of an OpenAI-compatible server; absent: the provider's own
 * @param temperature sampling temperature; absent: the provider's default
 * @param reasoning effort of a reasoning model: {@code low}, {@code medium} or {@code high}
 * @param maxTokens bound on one reply; absent: 8192
 * @param images whether it is shown the images that tools give
 */
public record ModelRef(
    String provider,
    String model,
    @Nullable String baseUrl,
    @Nullable Double temperature,
    @Nullable String reasoning,
    @Nullable Integer maxTokens,
    boolean images) {

  /** A model that is shown no images. */
  public ModelRef(
      String provider,
      String model,
      @Nullable String baseUrl,
      @Nullable Double temperature,
      @Nullable String reasoning,
      @Nullable Integer maxTokens) {
    this(provider, model, baseUrl, temperature, reasoning, maxTokens, false);
  }

  /** A model with the provider's own settings. */
  public static ModelRef of(String provider, String model) {
    return new ModelRef(provider, model, null, null, null, null);
  }

  /** {@code provider/model}, as it is written in YAML. */
  public String name() {
    return provider + "/" + model;
  }

  /** The providers there are. */
  public static final List<String> PROVIDERS = List.of("openai", "anthropic", "ollama");

  /**
   * Reads {@code provider/model}.
   *
   * @throws IllegalArgumentException when it is not of that form; its message is for people
   */
  public static ModelRef parse(String name) {
    return named(name, null, null, null, null, false);
  }

  /**
   * Reads an entry of {@code models:}: {@code provider/model}, or a map with {@code model} and
   * {@code base_url}, {@code temperature}, {@code reasoning}, {@code max_tokens}, {@code images}.
   * With a {@code base_url} the provider may be left out: it is then {@code openai}.
   *
   * @throws IllegalArgumentException when it is not of that form; its message is for people
   */
  public static ModelRef read(JsonNode entry) {
    if (entry.isString()) {
      return parse(entry.stringValue());
    }
    JsonNode name = entry.path("model");
    if (!name.isString()) {
      throw new IllegalArgumentException("Expected `model: provider/model`, found " + entry + ".");
    }
    return named(
        name.stringValue(),
        entry.path("base_url").isString() ? entry.path("base_url").stringValue() : null,
        entry.path("temperature").isNumber() ? entry.path("temperature").doubleValue() : null,
        entry.path("reasoning").isString() ? entry.path("reasoning").stringValue() : null,
        entry.path("max_tokens").isInt() ? entry.path("max_tokens").intValue() : null,
        entry.path("images").asBoolean(false));
  }

  private static ModelRef named(
      String name,
      @Nullable String baseUrl,
      @Nullable Double temperature,
      @Nullable String reasoning,
      @Nullable Integer maxTokens,
      boolean images) {
    int slash = name.indexOf('/');
    String provider = slash < 0 ? "" : name.substring(0, slash);
    String model = name.substring(slash + 1);
    if (baseUrl != null && !PROVIDERS.contains(provider)) {
      provider = "openai";
      model = name;
    }
    if (model.isBlank() || !PROVIDERS.contains(provider)) {
      throw new IllegalArgumentException(
          "Expected a model as provider/model with one of the providers "
              + String.join(", ", PROVIDERS)
              + ", found `"
              + name
              + "`.");
    }
    return new ModelRef(provider, model, baseUrl, temperature, reasoning, maxTokens, images);
  }
}
