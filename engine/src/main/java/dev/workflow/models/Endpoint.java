package dev.workflow.models;

import dev.workflow.definition.ModelRef;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a model is asked and with which key. A key leaves only for the provider's own address and
 * for the one that the user named in the environment: a workflow file that sets a {@code base_url}
 * cannot have it sent elsewhere.
 *
 * @param dialect the wire protocol
 * @param url without a slash at its end
 * @param key absent: none is sent
 * @param official whether it is the provider's own address
 */
record Endpoint(Dialect dialect, String url, @Nullable String key, boolean official) {

  private static final int OLLAMA_PORT = 11_434;

  /** Which protocol the other side speaks. */
  enum Dialect {
    OPENAI,
    ANTHROPIC,
    OLLAMA;

    /** Every provider that is none of ours is asked as a server compatible with OpenAI. */
    static Dialect of(String provider) {
      return switch (provider) {
        case "anthropic" -> ANTHROPIC;
        case "ollama" -> OLLAMA;
        default -> OPENAI;
      };
    }
  }

  /** The endpoint of a model; empty: neither key nor address is configured. */
  static Optional<Endpoint> of(ModelRef model, Map<String, String> environment) {
    String prefix = prefix(model.provider());
    String official = official(model.provider());
    String own = own(model.provider(), environment);
    String key = set(environment, prefix + "_API_KEY");
    String given = model.baseUrl();
    String address = given != null ? given : own;
    if (address == null) {
      address = key == null ? null : official;
    }
    if (address == null) {
      return Optional.empty();
    }
    boolean isOfficial = official != null && host(address).equals(host(official));
    boolean named = own != null && host(address).equals(host(own));
    Dialect dialect = Dialect.of(model.provider());
    return Optional.of(
        new Endpoint(
            dialect, complete(dialect, address), isOfficial || named ? key : null, isOfficial));
  }

  /** One sentence on what to set so that the model can be asked. */
  static String wanted(ModelRef model) {
    String prefix = prefix(model.provider());
    String needs =
        switch (model.provider()) {
          case "openai" -> "OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server";
          case "anthropic" -> "ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a compatible server";
          case "ollama" -> "OLLAMA_HOST, such as OLLAMA_HOST=http://localhost:11434";
          default ->
              "a base_url, or "
                  + prefix
                  + "_BASE_URL with the address of a server compatible with OpenAI";
        };
    return model.name() + " cannot be asked: set " + needs + ".";
  }

  /** What to set when the other side refuses the key, or the lack of one. */
  static String wantedKey(ModelRef model, Endpoint endpoint) {
    String prefix = prefix(model.provider());
    if (endpoint.key() != null) {
      return "check the value of " + prefix + "_API_KEY";
    }
    return endpoint.official()
        ? "set " + prefix + "_API_KEY"
        : "set "
            + prefix
            + "_API_KEY, and "
            + prefix
            + "_BASE_URL to the address: a key is sent only to addresses from the environment";
  }

  /** The address for messages: no user, no password, no query. */
  String shown() {
    URI uri = URI.create(url);
    return uri.getScheme()
        + "://"
        + uri.getHost()
        + (uri.getPort() < 0 ? "" : ":" + uri.getPort())
        + Objects.toString(uri.getPath(), "");
  }

  /** What is wrong with the address; empty: nothing. */
  Optional<String> flaw() {
    URI uri = parse(url);
    boolean sound =
        uri != null
            && uri.getHost() != null
            && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    return sound ? Optional.empty() : Optional.of("its base URL is no http or https address");
  }

  private static String prefix(String provider) {
    return provider.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private static @Nullable String official(String provider) {
    return switch (provider) {
      case "openai" -> "https://api.openai.com/v1";
      case "anthropic" -> "https://api.anthropic.com/v1";
      default -> null;
    };
  }

  private static @Nullable String own(String provider, Map<String, String> environment) {
    String url = set(environment, prefix(provider) + "_BASE_URL");
    String host = set(environment, "OLLAMA_HOST");
    return url == null && provider.equals("ollama") && host != null ? ollama(host) : url;
  }

  /** {@code OLLAMA_HOST} as Ollama reads it: scheme and port may be missing. */
  private static String ollama(String host) {
    if (host.contains("://")) {
      return host;
    }
    String reachable = host.startsWith("0.0.0.0") ? "127.0.0.1" + host.substring(7) : host;
    String address = reachable.startsWith(":") ? "127.0.0.1" + reachable : reachable;
    return "http://" + address + (address.matches(".*:\\d+/?$") ? "" : ":" + OLLAMA_PORT);
  }

  /** Anthropic's variable names the host, its protocol lives below {@code /v1}. */
  private static String complete(Dialect dialect, String address) {
    String url = address.strip().replaceAll("/+$", "");
    return dialect == Dialect.ANTHROPIC && !url.endsWith("/v1") ? url + "/v1" : url;
  }

  /** Scheme, host and port. */
  private static String host(String address) {
    URI uri = parse(address.strip());
    return uri == null ? "" : uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort();
  }

  private static @Nullable URI parse(String address) {
    try {
      return URI.create(address);
    } catch (IllegalArgumentException noUri) {
      return null;
    }
  }

  private static @Nullable String set(Map<String, String> environment, String name) {
    String value = environment.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }
}
