package dev.workflow.mcp.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, proxies and addresses of real connections. */
class WebTest {
  private final Site site = new Site();
  private final Site other = new Site();
  private final Web web = new Web(rules("http://localhost:" + site.port()), new Proxies(Map.of()));

  WebTest() throws IOException {}

  @AfterEach
  void close() {
    web.close();
    site.close();
    other.close();
  }

  private static AddressRules rules(String named) {
    return AddressRules.of(URI.create(named), false, false);
  }

  private static Ask ask(String method, String url) {
    return new Ask(
        method,
        URI.create(url),
        Map.of("Accept", "text/plain"),
        Map.of("Authorization", "Bearer t0p"),
        method.equals("GET") ? new byte[0] : "body".getBytes(UTF_8),
        Duration.ofSeconds(60));
  }

  private String text(String method, String url) throws IOException {
    try (Reply reply = web.send(ask(method, url))) {
      return reply.status() + " " + new String(reply.bytes(1_000), UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectWithinTheOriginKeepsWhatIsItsOwn(int status) throws IOException {
    site.redirect("/a?b=1", status, "/c?d=2");
    assertThat(text("GET", site.url("/a?b=1"))).isEqualTo("200 at /c?d=2");
    assertThat(site.seen().getLast().header("Authorization")).isEqualTo("Bearer t0p");
  }

  @ParameterizedTest
  @ValueSource(ints = {307, 308})
  void aPostIsRepeatedWhereTheRedirectSaysSo(int status) throws IOException {
    site.redirect("/a", status, "/c");
    assertThat(text("POST", site.url("/a"))).isEqualTo("200 at /c");
    assertThat(site.seen()).extracting(Site.Seen::method).containsExactly("POST", "POST");
    assertThat(site.seen()).extracting(Site.Seen::body).containsExactly("body", "body");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303})
  void aRedirectThatWouldDropAPostIsAnErrorThatNamesTheWay(int status) {
    site.redirect("/a", status, "/c");
    assertThatThrownBy(() -> text("POST", site.url("/a")))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "it redirects a POST with HTTP %d, which drops it: %s -> %s",
            status, site.url("/a"), site.url("/c"));
    assertThat(site.seen()).hasSize(1);
  }

  @Test
  void anotherOriginGetsNoCredentials() throws IOException {
    site.redirect("/a", 307, "http://user:pw@localhost:" + other.port() + "/b");
    assertThat(text("POST", site.url("/a"))).isEqualTo("200 at /b");
    Site.Seen seen = other.seen().getFirst();
    assertThat(seen.header("Authorization")).isEqualTo("none");
    assertThat(seen.header("Accept")).isEqualTo("text/plain");
    assertThat(seen.body()).isEqualTo("body");
  }

  @Test
  void whatAnotherOriginWasDeniedItDoesNotGetBack() throws IOException {
    site.redirect("/a", 307, other.url("/b"));
    other.redirect("/b", 307, site.url("/c"));
    assertThat(text("GET", site.url("/a"))).isEqualTo("200 at /c");
    assertThat(site.seen().getLast().header("Authorization")).isEqualTo("none");
  }

  @Test
  void aCircleShowsTheWay() {
    site.redirect("/a", 307, "/b");
    site.redirect("/b", 307, "/a");
    assertThatThrownBy(() -> text("GET", site.url("/a")))
        .isInstanceOf(Refused.class)
        .hasMessage(
            "it redirects in a circle: %s -> %s -> %s",
            site.url("/a"), site.url("/b"), site.url("/a"));
  }

  @Test
  void fiveRedirectsAreFollowedAndNoMore() throws IOException {
    for (int i = 0; i < 6; i++) {
      site.redirect("/" + i, 307, "/" + (i + 1));
    }
    assertThat(text("GET", site.url("/1"))).isEqualTo("200 at /6");
    assertThatThrownBy(() -> text("GET", site.url("/0")))
        .isInstanceOf(Refused.class)
        .hasMessageStartingWith("it redirects more than 5 times: " + site.url("/0") + " -> ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "http://[fd00:ec2::254]/",
        "http://10.0.0.1/",
        "http://[::ffff:192.168.0.1]/",
        "https://192.168.1.1/",
        "http://0.0.0.0:1/",
        "http://8.8.8.8/",
        "file:///etc/passwd",
        "ftp://localhost/",
        "mailto:x",
        "//",
        "http://exa mple/",
      })
  void aRedirectNeverLeavesTheRules(String target) {
    site.redirect("/a", 302, target);
    assertThatThrownBy(() -> text("GET", site.url("/a"))).isInstanceOf(Refused.class);
  }

  @Test
  void aRedirectToWhatIsNoAddressEndsItsConnection() throws Exception {
    try (ServerSocket there = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Integer> rest =
          CompletableFuture.supplyAsync(() -> afterHalfAnAnswer(there));
      String url = "http://localhost:" + there.getLocalPort();
      assertThatThrownBy(() -> web.send(ask("GET", url)))
          .isInstanceOf(Refused.class)
          .hasMessage(url + " redirects to what is no address");
      assertThat(rest.get(20, TimeUnit.SECONDS)).as("the end of the connection").isEqualTo(-1);
    }
  }

  /** What comes after a redirect whose page never ends. */
  private static int afterHalfAnAnswer(ServerSocket there) {
    try (Socket client = there.accept()) {
      client.setSoTimeout(10_000);
      while (client.getInputStream().read() != '\n' || client.getInputStream().read() != '\r') {
        // the head of the request
      }
      String head = "HTTP/1.1 302 On\r\nLocation: mailto:x\r\nContent-Length: 9\r\n\r\n";
      client.getOutputStream().write(head.getBytes(UTF_8));
      return client.getInputStream().readNBytes(2).length < 2 ? -1 : 0;
    } catch (SocketException reset) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRedirectWithoutATargetIsAnAnswer() throws IOException {
    site.put("/a", 302, Map.of(), "nowhere");
    assertThat(text("GET", site.url("/a"))).isEqualTo("302 nowhere");
  }

  @Test
  void whatWasJudgedIsWhatIsConnectedTo() throws IOException {
    List<String> lookups = new CopyOnWriteArrayList<>();
    String url = "http://a.test:" + site.port();
    AddressRules rules = AddressRules.of(URI.create(url), true, false);
    Lanes.Names rebinding =
        host -> {
          lookups.add(host);
          String address = lookups.size() == 1 ? "127.0.0.1" : "169.254.169.254";
          return new InetAddress[] {InetAddress.getByName(address)};
        };
    Lanes lanes = new Lanes(rules, rebinding, null);
    try (Web rebound = new Web(rules, new Proxies(Map.of()), lanes)) {
      rebound.send(ask("GET", url)).close();
      assertThat(lookups).as("one look-up for a connection").containsExactly("a.test");
      assertThatThrownBy(() -> rebound.send(ask("GET", url)))
          .isInstanceOf(Refused.class)
          .hasMessage("a.test is a cloud metadata address (169.254.169.254)");
    }
    assertThat(site.seen()).hasSize(1);
  }

  @Test
  void anEncryptedSiteIsReachedThroughTheTunnelOfAProxyThatAsksForAPassword(@TempDir Path folder)
      throws Exception {
    SSLContext tls = TestTls.context(folder, "secure.test");
    AddressRules rules = rules("https://secure.test");
    try (Site secure = Site.encrypted(tls);
        TunnelProxy proxy = new TunnelProxy(secure.port(), "Basic bWU6cEBzcw==")) {
      Proxies proxies =
          new Proxies(Map.of("https_proxy", "http://me:p%40ss@localhost:" + proxy.port()));
      Lanes.Names nobody =
          host -> {
            throw new AssertionError("the proxy looks up names, not we");
          };
      try (Web proxied = new Web(rules, proxies, new Lanes(rules, nobody, tls));
          Reply reply = proxied.send(ask("GET", "https://secure.test/x"))) {
        assertThat(new String(reply.bytes(100), UTF_8)).isEqualTo("at /x");
      }
      assertThat(proxy.asked())
          .containsExactly(
              "CONNECT secure.test:443 HTTP/1.1 none",
              "CONNECT secure.test:443 HTTP/1.1 Proxy-Authorization: Basic bWU6cEBzcw==");
      assertThat(secure.seen().getFirst().headers()).doesNotContainKey("Proxy-authorization");
    }
  }

  @Test
  void aProxyThatRefusesSaysSoWithoutThePassword() throws IOException {
    AddressRules rules = rules("https://secure.test");
    try (TunnelProxy proxy = new TunnelProxy(site.port(), "Basic other");
        Web proxied =
            new Web(
                rules,
                new Proxies(Map.of("https_proxy", "http://me:hidden@localhost:" + proxy.port())))) {
      assertThatThrownBy(() -> proxied.send(ask("GET", "https://secure.test/x")).close())
          .isInstanceOf(Refused.class)
          .hasMessage("the proxy lets nothing through (HTTP 407)");
    }
  }

  @Test
  void aProxyIsNotAskedForWhatTheRulesForbid() throws IOException {
    AddressRules rules = rules("https://secure.test");
    try (TunnelProxy proxy = new TunnelProxy(site.port(), "");
        Web proxied =
            new Web(
                rules, new Proxies(Map.of("https_proxy", "http://localhost:" + proxy.port())))) {
      assertThatThrownBy(() -> proxied.send(ask("GET", "https://169.254.169.254/x")).close())
          .isInstanceOf(Refused.class);
      assertThat(proxy.asked()).isEmpty();
    }
  }

  @Test
  void aCertificateThatNobodyTrustsEndsTheConnection(@TempDir Path folder) throws Exception {
    try (Site secure = Site.encrypted(TestTls.context(folder, "localhost"))) {
      assertThatThrownBy(() -> text("GET", secure.url("/"))).isInstanceOf(SSLException.class);
      assertThat(secure.seen()).isEmpty();
    }
  }

  @Test
  void anEncryptedSiteNeverRedirectsToAnUnencryptedOne(@TempDir Path folder) throws Exception {
    SSLContext tls = TestTls.context(folder, "localhost");
    AddressRules rules = rules("https://localhost");
    try (Site secure = Site.encrypted(tls);
        Web trusting =
            new Web(
                rules, new Proxies(Map.of()), new Lanes(rules, InetAddress::getAllByName, tls))) {
      secure.redirect("/a", 302, site.url("/b"));
      assertThatThrownBy(() -> trusting.send(ask("GET", secure.url("/a"))))
          .isInstanceOf(Refused.class)
          .hasMessageStartingWith("it redirects from https to http: ");
      assertThat(site.seen()).isEmpty();
    }
  }

  @Test
  void aRequestWithATimeEndsThen() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("http://localhost:" + silent.getLocalPort());
      Ask hurried = new Ask("GET", url, Map.of(), Map.of(), new byte[0], Duration.ofMillis(200));
      assertThatThrownBy(() -> web.send(hurried))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("there was no answer in time");
    }
  }

  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theTimeOfARequestGoesOnBehindARedirect() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      site.redirect("/a", 302, "http://localhost:" + silent.getLocalPort() + "/b");
      URI url = URI.create(site.url("/a"));
      Ask hurried = new Ask("GET", url, Map.of(), Map.of(), new byte[0], Duration.ofSeconds(1));
      assertThatThrownBy(() -> web.send(hurried))
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("there was no answer in time");
    }
  }

  @Test
  void nothingIsOpenedAfterTheEnd() {
    web.close();
    assertThatThrownBy(() -> text("GET", site.url("/a"))).isInstanceOf(IOException.class);
    assertThat(site.seen()).isEmpty();
  }

  @Test
  void anAbortedRequestEndsAtOnce() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Exchange exchange =
          web.exchange(ask("GET", "http://localhost:" + silent.getLocalPort()), () -> {});
      Thread.ofVirtual()
          .start(
              () -> {
                try {
                  silent.accept();
                  exchange.abort();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThatThrownBy(exchange::send).isInstanceOf(IOException.class);
    }
  }
}
