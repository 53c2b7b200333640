package dev.workflow.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the browser comes back. */
class CallbackTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  /** Those that {@code localhost} stands for and that can be used here. */
  private static List<InetAddress> here() throws IOException {
    List<InetAddress> here = new ArrayList<>();
    for (String literal : List.of("127.0.0.1", "::1")) {
      InetAddress address = InetAddress.getByName(literal);
      try (ServerSocket free = new ServerSocket(0, 1, address)) {
        here.add(free.getInetAddress());
      } catch (SocketException notHere) {
        assertThat(literal).isEqualTo("::1");
      }
    }
    return here;
  }

  private static int status(InetAddress address, int port, String path) throws Exception {
    String host = address.getHostAddress();
    String literal = host.contains(":") ? "[" + host + "]" : host;
    try (HttpClient browser = HttpClient.newHttpClient()) {
      URI url = URI.create("http://" + literal + ":" + port + path);
      return browser
          .send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  @Test
  void aBrowserMayComeToAnyAddressOfThisMachine() throws Exception {
    for (InetAddress address : here()) {
      try (Callback callback = Callback.open(0, "ours")) {
        int port = callback.redirect().getPort();
        assertThat(callback.redirect()).hasToString("http://localhost:" + port + "/callback");
        assertThat(status(address, port, "/callback?state=theirs&code=1")).isEqualTo(400);
        assertThat(status(address, port, "/other?state=ours&code=1")).isEqualTo(404);
        assertThat(status(address, port, "/callback?state=ours&code=2")).isEqualTo(200);
        assertThat(callback.await(LONG)).containsEntry("code", "2");
        assertThat(callback.strange()).isEqualTo(1);
      }
    }
  }

  @Test
  void nobodyLogsInWhileAnotherProgramWaitsAtOneOfThem() throws IOException {
    for (InetAddress address : here()) {
      try (ServerSocket other = new ServerSocket(0, 1, address)) {
        assertThatThrownBy(() -> Callback.open(other.getLocalPort(), "ours"))
            .isInstanceOf(BindException.class);
      }
    }
  }
}
