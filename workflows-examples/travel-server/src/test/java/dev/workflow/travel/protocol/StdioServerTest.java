package dev.workflow.travel.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

@Timeout(20)
class StdioServerTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}\n";

  @Test
  void everythingAskedBeforeTheEndIsAnsweredInOrder() throws Exception {
    var out = new ByteArrayOutputStream();
    var requests = new StringBuilder();
    for (int i = 0; i < 5000; i++) {
      requests.append(PING.formatted(i)).append("\r\n");
    }
    new StdioServer(session(), out).serve(stream(requests.toString()));
    String[] lines = out.toString(StandardCharsets.UTF_8).split("\n", -1);
    assertThat(lines).hasSize(5001);
    for (int i = 0; i < 5000; i++) {
      assertThat(lines[i]).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":%d,\"result\":{}}".formatted(i));
    }
  }

  @Test
  void aMessageThatIsTooLongIsRefusedAndTheNextIsAnswered() throws Exception {
    var out = new ByteArrayOutputStream();
    String endless = "\"" + "x".repeat(StdioServer.LINE_BYTES_MAX) + "\"\n";
    new StdioServer(session(), out).serve(stream(endless + PING.formatted(1)));
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"expected a"
                + " message of at most 65536 bytes, found a longer one\"}}\n"
                + "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
  }

  @Test
  void aClientThatTakesNoAnswerCannotHoldTheServerAfterTheEnd() throws Exception {
    var never = new CountDownLatch(1);
    long start = System.nanoTime();
    new StdioServer(session(), new Blocked(never)).serve(stream(PING.formatted(1).repeat(1500)));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    never.countDown();
  }

  @Test
  void aClosedOutputEndsTheServer() {
    OutputStream closed =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("broken pipe");
          }
        };
    assertThatIOException()
        .isThrownBy(() -> new StdioServer(session(), closed).serve(stream(PING.formatted(1))))
        .withMessage("broken pipe");
  }

  private static final class Blocked extends OutputStream {
    private final CountDownLatch latch;

    private Blocked(CountDownLatch latch) {
      this.latch = latch;
    }

    @Override
    public void write(int b) throws IOException {
      try {
        latch.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static McpSession session() {
    return new McpSession(
        new ServerCard("test", "Test", "1", ""),
        new ToolBox() {
          @Override
          public JsonNode definitions() {
            return JsonNodeFactory.instance.arrayNode();
          }

          @Override
          public Optional<ToolAnswer> call(String name, ObjectNode arguments) {
            return Optional.empty();
          }

          @Override
          public String names() {
            return "none";
          }
        });
  }
}
