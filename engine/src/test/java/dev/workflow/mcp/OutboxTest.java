package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private final Outbox outbox = new Outbox(100);
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream();

  private void write() {
    try {
      outbox.writeTo(stream);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String written() {
    return stream.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatNobodyWaitsForIsDroppedWhereItIsNotReadAndRequestsAreNot() throws InterruptedException {
    for (int i = 0; i < 1_000; i++) {
      outbox.post(HostileAnswers.bytes("0123456789"), null);
    }
    outbox.post(HostileAnswers.bytes("x".repeat(1_000)), new Ticket("a request"));
    Thread writer = Thread.ofPlatform().daemon().start(this::write);
    Fakes.await("the request was written", () -> written().endsWith("x\n"));
    assertThat(written().lines()).hasSize(11);

    for (int i = 0; i < 100; i++) {
      String next = "read " + i;
      outbox.post(HostileAnswers.bytes(next), null);
      Fakes.await("it was written", () -> written().endsWith(next + "\n"));
    }
    outbox.end();
    writer.join();
  }
}
