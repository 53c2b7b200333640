package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;
import tools.jackson.databind.JsonNode;

/** What a client makes of connections that come and go, in an order that no real server keeps. */
class ClientTest {
  private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
  private final List<ScriptedWire> wires = new ArrayList<>();
  private final Client client =
      new Client(
          McpSettings.DEFAULT,
          time,
          startup -> {
            ScriptedWire wire = new ScriptedWire();
            wires.add(wire);
            return Connection.open("s", wire, Permitted.NOTHING, startup);
          },
          trouble -> {});

  private JsonNode call() {
    Duration time = Duration.ofSeconds(10);
    return Fakes.get(
        client.call(
            new Client.Request(
                "echo", Fakes.arguments(), "key", CallTime.exactly(time), time, ignored -> {})));
  }

  @Test
  void oneConnectionServesAllCalls() {
    call();
    call();
    assertThat(wires).hasSize(1);
  }

  @Test
  void lateNewsOfAnOldConnectionDoesNotEndItsSuccessor() {
    call();
    ScriptedWire first = wires.getFirst();
    first.open = false;
    call();
    first.closed.run();
    call();
    assertThat(wires).hasSize(2);
    assertThat(first.calls).isEqualTo(1);
    assertThat(wires.getLast().calls).isEqualTo(2);
  }

  @Test
  void aCallThatMeetsABrokenConnectionUnsentIsMadeOnANewOneOnce() {
    call();
    wires.getFirst().breaksAtNextCall = true;
    call();
    assertThat(wires).hasSize(2);
    assertThat(wires.getLast().calls).isEqualTo(1);
  }

  @Test
  void aListThatIsLostWithItsConnectionIsAskedForOnANewOneOnce() {
    call();
    wires.getFirst().losesTheNextRequest = true;
    assertThat(Fakes.get(client.tools(Duration.ofSeconds(10)))).isEmpty();
    assertThat(wires).hasSize(2);
  }

  @Test
  void aCallThatIsLostWithItsConnectionIsNotMadeAgainHere() {
    call();
    wires.getFirst().losesTheNextRequest = true;
    Duration time = Duration.ofSeconds(10);
    Mono<JsonNode> lost =
        client.call(
            new Client.Request(
                "echo", Fakes.arguments(), "key", CallTime.exactly(time), time, ignored -> {}));
    assertThat(Fakes.failure(lost).possiblyExecuted()).isTrue();
    assertThat(wires).hasSize(1);
  }

  @Test
  void afterClosingNothingIsOpened() {
    call();
    client.close().block(Fakes.PATIENCE);
    assertThat(wires.getFirst().open).isFalse();
    Duration time = Duration.ofSeconds(1);
    assertThat(Fakes.failure(client.tools(time))).hasMessage("the server is closed");
    assertThat(wires).hasSize(1);
  }
}
