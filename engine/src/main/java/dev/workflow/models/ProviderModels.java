package dev.workflow.models;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Models;
import dev.workflow.run.StepError;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Real models: {@code openai}, {@code anthropic}, {@code ollama}, and any server compatible with
 * OpenAI. Keys and addresses come from the environment: {@code PROVIDER_API_KEY}, {@code
 * PROVIDER_BASE_URL}, and {@code OLLAMA_HOST}. Nothing is loaded before the first request.
 */
public final class ProviderModels implements Models {
  private final Map<String, String> environment;
  private final ProviderTimeouts timeouts;
  private final Set<String> refusals = ConcurrentHashMap.newKeySet();
  private @Nullable HttpClient http;

  /** Models of the providers that the environment configures. */
  public ProviderModels(Map<String, String> environment, ProviderTimeouts timeouts) {
    this.environment = Map.copyOf(environment);
    this.timeouts = timeouts;
  }

  @Override
  public Optional<String> unusable(ModelRef model) {
    return Endpoint.of(model, environment)
        .map(
            endpoint ->
                endpoint.flaw().map(flaw -> model.name() + " cannot be asked: " + flaw + "."))
        .orElseGet(() -> Optional.of(Endpoint.wanted(model)));
  }

  @Override
  public String identity(ModelRef model) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ArrayNode parts = json.arrayNode();
    Endpoint.of(model, environment)
        .ifPresent(
            endpoint ->
                parts
                    .add(endpoint.dialect().name())
                    .add(endpoint.url())
                    .add(
                        endpoint.key() == null
                            ? json.nullNode()
                            : json.stringNode(endpoint.key())));
    return Canonical.hash(parts);
  }

  @Override
  public Bound bound(Request request) {
    return RequestBound.of(request);
  }

  /** Whether a model is asked at its provider's own address, whose prices are known. */
  public boolean isOfficial(ModelRef model) {
    return Endpoint.of(model, environment).map(Endpoint::official).orElse(model.baseUrl() == null);
  }

  @Override
  public Mono<Reply> ask(Request request, Consumer<String> progress) {
    return Mono.defer(
        () -> {
          Optional<String> reason = unusable(request.model());
          if (reason.isPresent()) {
            return Mono.error(
                new ModelException(StepError.of(ErrorKind.MODEL_ERROR, reason.get()), false));
          }
          Endpoint endpoint = Endpoint.of(request.model(), environment).orElseThrow();
          return new Asking(http(), endpoint, timeouts, request, progress, refusals).reply();
        });
  }

  /** The keys of the environment, which must not be written anywhere. */
  public Set<String> secrets() {
    Set<String> keys = new TreeSet<>();
    environment.forEach(
        (name, value) -> {
          if (name.endsWith("_API_KEY") && !value.isBlank()) {
            keys.add(value.strip());
          }
        });
    return keys;
  }

  /** Made when the first model is asked, and kept; its threads end with the process. */
  private synchronized HttpClient http() {
    HttpClient client = http;
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .connectTimeout(timeouts.connect())
              .followRedirects(HttpClient.Redirect.NEVER)
              .executor(
                  Executors.newThreadPerTaskExecutor(
                      Thread.ofVirtual().name("model-", 0).factory()))
              .build();
      http = client;
    }
    return client;
  }
}
