package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Elicitor;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What a client makes of connections that come and go, in an order that no real server keeps. */
class ClientTest {
  private final List<ScriptedWire> wires = new ArrayList<>();
  private final Client client =
      new Client(
          McpSettings.DEFAULT,
          startup -> {
            ScriptedWire wire = new ScriptedWire();
            wires.add(wire);
            return Connection.open("s", wire, Permitted.NOTHING, startup);
          });

  private JsonNode call() {
    Duration time = Duration.ofSeconds(10);
    return Fakes.get(
        client.call(
            new Client.Request(
                "echo",
                Fakes.arguments(),
                "key",
                CallTime.exactly(time),
                time,
                ignored -> {},
                Elicitor.NOBODY)));
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
                "echo",
                Fakes.arguments(),
                "key",
                CallTime.exactly(time),
                time,
                ignored -> {},
                Elicitor.NOBODY));
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

  /** Answers every request at once, as long as it is told to. */
  private static final class ScriptedWire implements Wire {
    private final Messages messages = new Messages(1_000_000);
    private Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = mono -> mono;
    private Runnable closed = () -> {};
    private boolean open = true;
    private boolean breaksAtNextCall;
    private boolean losesTheNextRequest;
    private int calls;

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> session) {
      handler = session;
      return Mono.empty();
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
      if (!(message instanceof JSONRPCRequest request)) {
        return Mono.empty();
      }
      if (breaksAtNextCall) {
        open = false;
        return Mono.error(Failures.unavailable("broken"));
      }
      if (losesTheNextRequest) {
        open = false;
        return Mono.error(Failures.lost("lost", List.of()));
      }
      calls += request.method().equals("tools/call") ? 1 : 0;
      Object result =
          Entries.json("{'protocolVersion':'2025-11-25','capabilities':{'tools':{}},'content':[]}");
      return handler.apply(Mono.just(JSONRPCResponse.result(request.id(), result))).then();
    }

    @Override
    public boolean isOpen() {
      return open;
    }

    @Override
    public void whenClosed(Runnable action) {
      closed = action;
    }

    @Override
    public void abandon(Ticket ticket, String reason) {}

    @Override
    public List<String> diagnosis() {
      return List.of();
    }

    @Override
    public Mono<Void> closeGracefully() {
      return Mono.fromRunnable(() -> open = false);
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
      return messages.convert(data, type);
    }
  }
}
