package dev.workflow.mcp.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static String proxy(Map<String, String> environment, String url) throws Refused {
    return new Proxies(environment).of(URI.create(url)).map(Object::toString).orElse("none");
  }

  @Test
  void theSchemeOfTheAddressChoosesTheVariable() throws Refused {
    Map<String, String> both =
        Map.of("HTTPS_PROXY", "http://secure:8443", "http_proxy", "plain:8080");
    assertThat(proxy(both, "https://a.com")).isEqualTo("http://secure:8443");
    assertThat(proxy(both, "http://a.com")).isEqualTo("http://plain:8080");
    assertThat(proxy(Map.of("ALL_PROXY", "socks5h://all"), "https://a.com"))
        .isEqualTo("socks5://all:1080");
    assertThat(proxy(Map.of("https_proxy", "low:1", "HTTPS_PROXY", "up:2"), "https://a.com"))
        .isEqualTo("http://low:1");
    assertThat(proxy(Map.of(), "https://a.com")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://localhost:1", "http://127.0.0.1", "https://[::1]", "http://a.localhost"})
  void thisMachineIsNeverReachedThroughAProxy(String url) throws Refused {
    assertThat(proxy(Map.of("ALL_PROXY", "p:1"), url)).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({
    "*, https://a.com, true",
    "a.com, https://a.com, true",
    "A.com, https://a.COM, true",
    ".a.com, https://x.a.com, true",
    "*.a.com, https://x.a.com, true",
    "a.com, https://x.a.com, true",
    "a.com, https://xa.com, false",
    "a.com:443, https://a.com, true",
    "a.com:444, https://a.com, false",
    "10.0.0.0/8, https://10.1.2.3, true",
    "10.0.0.0/8, https://11.1.2.3, false",
    "10.0.0.0/8, https://a.com, false",
    "10.1.2.3, https://10.1.2.3:8443, true",
    "fd00::/8, 'https://[fd00::1]', true",
    "'b.com, a.com', https://a.com, true",
    "'', https://a.com, false",
  })
  void noProxyNamesTheExceptions(String exceptions, String url, boolean direct) throws Refused {
    String found = proxy(Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", exceptions), url);
    assertThat(found).isEqualTo(direct ? "none" : "http://p:1");
  }

  @Test
  void userAndPasswordAreForTheProxyAndNeverShown() throws Refused {
    Proxies proxies = new Proxies(Map.of("HTTPS_PROXY", "http://me:p%40ss%3A1@p:1"));
    assertThat(proxies.of(URI.create("https://a.com")))
        .hasValueSatisfying(
            it -> {
              assertThat(it.user()).isEqualTo("me");
              assertThat(it.password()).isEqualTo("p@ss:1");
              assertThat(it).hasToString("http://p:1");
            });
    assertThat(proxies.secrets()).contains("me:p%40ss%3A1", "me:p@ss:1", "p%40ss%3A1", "p@ss:1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://p:1", "ftp://p", "http://", "socks5://u:hidden@p:1", "::", "http://a b"})
  void aVariableThatNamesNoUsableProxyIsAnErrorWithoutItsValue(String value) {
    assertThatThrownBy(() -> proxy(Map.of("HTTPS_PROXY", value), "https://a.com"))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "the variable https_proxy names no proxy that can be used; expected"
                + " http://[USER:PASSWORD@]HOST[:PORT] or socks5://HOST[:PORT]");
  }
}
