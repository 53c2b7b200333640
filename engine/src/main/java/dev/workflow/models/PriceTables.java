package dev.workflow.models;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Price;
import dev.workflow.engine.Prices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prices from files of the user in the shape of LiteLLM's {@code
 * model_prices_and_context_window.json}, then from the shipped list. The list knows what providers
 * themselves charge, so it does not hold for a model that is asked elsewhere; Ollama's are free.
 */
public final class PriceTables implements Prices {
  private static final long BYTES_MAX = 64L << 20;
  private final List<JsonNode> own = new ArrayList<>();
  private final Predicate<ModelRef> official;

  /**
   * Reads the tables.
   *
   * @param files of the user, the strongest first
   * @param official whether a model is asked at its provider's own address
   * @throws IllegalArgumentException when a file cannot be read; its message is for people
   */
  public PriceTables(List<Path> files, Predicate<ModelRef> official) {
    files.forEach(file -> own.add(read(file)));
    this.official = official;
  }

  @Override
  public Optional<Price> of(ModelRef model) {
    for (JsonNode table : own) {
      Optional<Price> price = in(table, model);
      if (price.isPresent()) {
        return price;
      }
    }
    if (model.provider().equals("ollama")) {
      return Optional.of(Price.FREE);
    }
    return official.test(model) ? in(Shipped.MODELS, model) : Optional.empty();
  }

  /** LiteLLM names some models with their provider, and others without. */
  private static Optional<Price> in(JsonNode table, ModelRef model) {
    return Price.of(table.path(model.name())).or(() -> Price.of(table.path(model.model())));
  }

  private static JsonNode read(Path file) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new IllegalArgumentException(
            file + ": expected prices of at most 64 MiB, found " + Files.size(file) + " bytes.");
      }
      JsonNode table = JsonMapper.shared().readTree(Files.readAllBytes(file));
      if (!table.isObject()) {
        throw new IllegalArgumentException(
            file
                + ": expected prices as LiteLLM's model_prices_and_context_window.json has them,"
                + " an object with an entry for each model; found something else.");
      }
      return table;
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": cannot be read: " + e.getMessage() + ".", e);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          file + ": expected JSON: " + e.getOriginalMessage() + ".", e);
    }
  }

  /** Read when it is first asked: what only looks at a workflow needs no price. */
  private static final class Shipped {
    static final JsonNode MODELS = read();

    private static JsonNode read() {
      try (InputStream in = PriceTables.class.getResourceAsStream("prices.json")) {
        return JsonMapper.shared()
            .readTree(Objects.requireNonNull(in, "prices.json"))
            .path("models");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
