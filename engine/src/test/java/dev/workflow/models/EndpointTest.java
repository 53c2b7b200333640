package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ModelRef;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTest {
  private static final ModelRef GPT = ModelRef.of("openai", "gpt-5");

  private static Endpoint endpoint(ModelRef model, Map<String, String> environment) {
    return Endpoint.of(model, environment).orElseThrow();
  }

  private static ModelRef at(String provider, @Nullable String url) {
    return new ModelRef(provider, "m", url, null, null, null);
  }

  private static String unusable(ModelRef model, Map<String, String> environment) {
    return new ProviderModels(environment, ProviderTimeouts.DEFAULT).unusable(model).orElse("");
  }

  private static String identity(ModelRef model, Map<String, String> environment) {
    return new ProviderModels(environment, ProviderTimeouts.DEFAULT).identity(model);
  }

  @Test
  void whoAsksWithAnotherKeyOrElsewhereIsAnother() {
    String one = identity(GPT, Map.of("OPENAI_API_KEY", "k1"));
    assertThat(one)
        .isEqualTo(identity(GPT, Map.of("OPENAI_API_KEY", "k1", "ANTHROPIC_API_KEY", "x")))
        .isNotEqualTo(identity(GPT, Map.of("OPENAI_API_KEY", "k2")))
        .isNotEqualTo(
            identity(GPT, Map.of("OPENAI_API_KEY", "k1", "OPENAI_BASE_URL", "http://h.example")))
        .isNotEqualTo(identity(GPT, Map.of()))
        .doesNotContain("k1");
  }

  @Test
  void withoutKeyOrAddressAModelSaysWhatToSet() {
    assertThat(unusable(GPT, Map.of("OPENAI_API_KEY", " ")))
        .isEqualTo(
            "openai/gpt-5 cannot be asked: set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible"
                + " server.");
    assertThat(unusable(ModelRef.of("anthropic", "c"), Map.of("OPENAI_API_KEY", "k")))
        .isEqualTo(
            "anthropic/c cannot be asked: set ANTHROPIC_API_KEY, or ANTHROPIC_BASE_URL for a"
                + " compatible server.");
    assertThat(unusable(ModelRef.of("ollama", "l"), Map.of()))
        .isEqualTo(
            "ollama/l cannot be asked: set OLLAMA_HOST, such as"
                + " OLLAMA_HOST=http://localhost:11434.");
    assertThat(unusable(ModelRef.of("my-lab", "l"), Map.of()))
        .isEqualTo(
            "my-lab/l cannot be asked: set a base_url, or MY_LAB_BASE_URL with the address of a"
                + " server compatible with OpenAI.");
    assertThat(unusable(at("openai", "localhost:80"), Map.of()))
        .isEqualTo("openai/m cannot be asked: its base URL is no http or https address.");
  }

  @Test
  void aKeyAloneMeansTheProvidersOwnAddress() {
    assertThat(endpoint(GPT, Map.of("OPENAI_API_KEY", "k")))
        .isEqualTo(new Endpoint(Endpoint.Dialect.OPENAI, "https://api.openai.com/v1", "k", true));
    assertThat(endpoint(ModelRef.of("anthropic", "c"), Map.of("ANTHROPIC_API_KEY", "k")))
        .isEqualTo(
            new Endpoint(Endpoint.Dialect.ANTHROPIC, "https://api.anthropic.com/v1", "k", true));
  }

  @Test
  void anAddressOfTheEnvironmentGetsTheKeyWhereThereIsOne() {
    Map<String, String> environment =
        Map.of("OPENAI_BASE_URL", "http://localhost:1/v1/", "OPENAI_API_KEY", "k");
    assertThat(endpoint(GPT, environment))
        .isEqualTo(new Endpoint(Endpoint.Dialect.OPENAI, "http://localhost:1/v1", "k", false));
    assertThat(endpoint(GPT, Map.of("OPENAI_BASE_URL", "http://localhost:1/v1")).key()).isNull();
  }

  @Test
  void anAddressFromAFileNeverGetsTheKeyOfAnotherHost() {
    Map<String, String> environment = Map.of("OPENAI_API_KEY", "k");
    assertThat(endpoint(at("openai", "https://evil.example/v1"), environment).key()).isNull();
    assertThat(endpoint(at("openai", "https://api.openai.com.evil.example"), environment).key())
        .isNull();
    assertThat(endpoint(at("openai", "http://api.openai.com/v1"), environment).key()).isNull();
    assertThat(endpoint(at("openai", "https://api.openai.com/v1"), environment).key())
        .isEqualTo("k");
    assertThat(
            endpoint(
                    at("openai", "https://lab.example/other"),
                    Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", "https://lab.example/v1"))
                .key())
        .isEqualTo("k");
  }

  @Test
  void aProviderOfOnesOwnIsAServerCompatibleWithOpenAi() {
    assertThat(
            endpoint(
                ModelRef.of("my-lab", "l"),
                Map.of("MY_LAB_BASE_URL", "https://lab.example/v1", "MY_LAB_API_KEY", "k")))
        .isEqualTo(new Endpoint(Endpoint.Dialect.OPENAI, "https://lab.example/v1", "k", false));
  }

  @ParameterizedTest
  @CsvSource({
    "localhost,http://localhost:11434",
    "box:99,http://box:99",
    "0.0.0.0:11434,http://127.0.0.1:11434",
    "0.0.0.0,http://127.0.0.1:11434",
    ":99,http://127.0.0.1:99",
    "https://box/ollama/,https://box/ollama",
  })
  void theHostOfOllamaIsReadAsOllamaReadsIt(String host, String url) {
    assertThat(endpoint(ModelRef.of("ollama", "l"), Map.of("OLLAMA_HOST", host)).url())
        .isEqualTo(url);
  }

  @Test
  void theBaseUrlOfOllamaComesBeforeItsHost() {
    Map<String, String> both = Map.of("OLLAMA_HOST", "a", "OLLAMA_BASE_URL", "http://b:1");
    assertThat(endpoint(ModelRef.of("ollama", "l"), both).url()).isEqualTo("http://b:1");
  }

  @Test
  void anAddressIsShownWithoutUserPasswordAndQuery() {
    assertThat(endpoint(at("openai", "http://me:secret@box:8/v1?key=secret"), Map.of()).shown())
        .isEqualTo("http://box:8/v1");
  }

  @Test
  void theKeysOfTheEnvironmentAreSecrets() {
    assertThat(
            new ProviderModels(
                    Map.of("OPENAI_API_KEY", "k1", "MY_LAB_API_KEY", "k2", "PATH", "/bin"),
                    new ProviderTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(1)))
                .secrets())
        .containsExactly("k1", "k2");
  }
}
