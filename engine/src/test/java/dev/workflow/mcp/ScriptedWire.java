package dev.workflow.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import reactor.core.publisher.Mono;

/** Answers every request at once, as long as it is told to. */
final class ScriptedWire implements Wire {
  /** How it answers a ping. */
  enum Pings {
    ANSWERED,
    UNKNOWN,
    IGNORED
  }

  private final Messages messages = new Messages(1_000_000);
  private final Map<Object, Ticket> waiting = new LinkedHashMap<>();
  private Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = mono -> mono;
  private boolean told;
  Runnable closed = () -> {};
  volatile boolean open = true;
  boolean breaksAtNextCall;
  boolean losesTheNextRequest;
  boolean hangsAtCalls;
  boolean hangsAtGreetings;
  volatile Pings pings = Pings.ANSWERED;
  volatile int calls;
  volatile int pinged;

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> session) {
    handler = session;
    return Mono.empty();
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    return message instanceof JSONRPCRequest request
        ? Mono.deferContextual(context -> send(request, context.get(Ticket.class)))
        : Mono.empty();
  }

  private Mono<Void> send(JSONRPCRequest request, Ticket ticket) {
    if (breaksAtNextCall) {
      open = false;
      return Mono.error(Failures.unavailable("broken"));
    }
    if (losesTheNextRequest) {
      open = false;
      return Mono.error(Failures.lost("lost", List.of()));
    }
    if (hangs(request.method())) {
      ticket.send();
      waiting.put(request.id(), ticket);
      return Mono.empty();
    }
    return handler.apply(Mono.just(answer(request))).then();
  }

  private synchronized boolean hangs(String method) {
    return switch (method) {
      case "tools/call" -> {
        calls++;
        yield hangsAtCalls;
      }
      case "initialize" -> hangsAtGreetings;
      case "ping" -> {
        pinged++;
        yield pings == Pings.IGNORED;
      }
      default -> false;
    };
  }

  private JSONRPCResponse answer(JSONRPCRequest request) {
    return request.method().equals("ping") && pings == Pings.UNKNOWN
        ? JSONRPCResponse.error(request.id(), new JSONRPCError(-32_601, "no such method", null))
        : JSONRPCResponse.result(
            request.id(),
            Entries.json(
                "{'protocolVersion':'2025-11-25','capabilities':{'tools':{}},'content':[]}"));
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  @Override
  public void whenClosed(Runnable action) {
    Runnable before = closed;
    closed =
        () -> {
          before.run();
          action.run();
        };
  }

  @Override
  public void abandon(Ticket ticket, String reason) {
    waiting.values().remove(ticket);
  }

  @Override
  public void giveUp(String why) {
    open = false;
    List<Object> lost = List.copyOf(waiting.keySet());
    waiting.clear();
    for (Object id : lost) {
      handler
          .apply(Mono.just(Messages.synthetic(id, Failures.lost("server 's' " + why, List.of()))))
          .subscribe();
    }
    closeOnce();
  }

  private void closeOnce() {
    if (!told) {
      told = true;
      closed.run();
    }
  }

  @Override
  public List<String> diagnosis() {
    return List.of();
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.fromRunnable(
        () -> {
          open = false;
          closeOnce();
        });
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return messages.convert(data, type);
  }
}
