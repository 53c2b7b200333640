package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;

/**
 * Newline-delimited JSON over a child's standard streams. What is no message is remembered and
 * skipped; when the child goes away every request in flight is answered at once.
 */
final class StdioTransport implements Wire {
  /** How long the last words of a child that ended may take to arrive. */
  private static final Duration LAST_WORDS = Duration.ofMillis(250);

  /** Some programs begin their output with it. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private static final int MAX_JUNK_LINES = 10;
  private static final int MAX_JUNK_CHARS = 500;

  private final Child child;
  private final int maxBytes;
  private final Messages messages;
  private final Outbox outbox = new Outbox();
  private final Map<Object, Ticket> inFlight = new ConcurrentHashMap<>();
  private final Deque<String> junk = new ArrayDeque<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean closedHere;
  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> outputEnded = new CompletableFuture<>();
  private volatile Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = mono -> mono;

  StdioTransport(Child child, int maxBytes) {
    this.child = child;
    this.maxBytes = maxBytes;
    this.messages = new Messages(maxBytes);
  }

  @Override
  public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> session) {
    return Mono.fromRunnable(
        () -> {
          handler = session;
          child.daemon("stdout", this::read);
          child.daemon("stdin", this::write);
          var unused = child.exit().whenComplete((code, e) -> afterLastWords());
        });
  }

  @Override
  public Mono<Void> sendMessage(JSONRPCMessage message) {
    return Mono.deferContextual(
        context -> {
          byte[] bytes = messages.write(message);
          if (bytes.length > maxBytes) {
            return Mono.error(tooLargeToSend(bytes.length));
          }
          if (message instanceof JSONRPCRequest request) {
            return send(request, bytes, context.getOrDefault(Ticket.class, null));
          }
          outbox.post(bytes, null);
          return Mono.empty();
        });
  }

  private Mono<Void> send(JSONRPCRequest request, byte[] bytes, @Nullable Ticket given) {
    Ticket ticket = given == null ? new Ticket(request.method()) : given;
    ticket.id(request.id());
    inFlight.put(request.id(), ticket);
    outbox.post(bytes, ticket);
    if (closed.get() && inFlight.remove(request.id(), ticket)) {
      ticket.withdraw();
      return Mono.error(gone(ticket));
    }
    return Mono.empty();
  }

  private void write() {
    try {
      outbox.writeTo(child.input());
    } catch (IOException e) {
      afterLastWords();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    BoundedLines lines = new BoundedLines(child.output(), maxBytes);
    try {
      for (BoundedLines.Line line = lines.next(); line != null; line = lines.next()) {
        switch (line) {
          case BoundedLines.Line.Whole whole -> accept(whole.bytes());
          case BoundedLines.Line.TooLong tooLong -> refuse(tooLong);
        }
      }
    } catch (IOException e) {
      remember("reading stopped: " + e.getMessage());
    } finally {
      outputEnded.complete(null);
      afterLastWords();
    }
  }

  private void accept(byte[] line) {
    int start = startsWithMark(line) ? BYTE_ORDER_MARK.length : 0;
    while (start < line.length && Character.isWhitespace(line[start])) {
      start++;
    }
    if (start == line.length) {
      return;
    }
    if (line[start] != '{' && line[start] != '[') {
      remember(new String(line, StandardCharsets.UTF_8));
      return;
    }
    try {
      JsonNode node =
          messages.parse(start == 0 ? line : Arrays.copyOfRange(line, start, line.length));
      (node.isArray() ? node : List.of(node)).forEach(this::deliver);
    } catch (StreamConstraintsException e) {
      answerFor(text(line), "is outside the limits: " + e.getOriginalMessage());
    } catch (JacksonException e) {
      answerFor(text(line), "is no JSON: " + e.getOriginalMessage());
    }
  }

  private static boolean startsWithMark(byte[] line) {
    int length = BYTE_ORDER_MARK.length;
    return line.length >= length && Arrays.equals(line, 0, length, BYTE_ORDER_MARK, 0, length);
  }

  private void deliver(JsonNode node) {
    Messages.message(node)
        .ifPresentOrElse(
            message -> {
              if (message instanceof JSONRPCResponse response
                  && inFlight.remove(response.id()) == null) {
                return;
              }
              handle(message);
            },
            () -> answerFor(node.toString(), "is no JSON-RPC message"));
  }

  private void handle(JSONRPCMessage message) {
    handler.apply(Mono.just(message)).onErrorComplete().subscribe();
  }

  private void refuse(BoundedLines.Line.TooLong line) {
    answerFor(
        line.head() + line.tail(),
        "has " + line.length() + " bytes, more than the limit of " + maxBytes);
  }

  /** Fails the request that an unusable line answers; without one the line is junk. */
  private void answerFor(String line, String why) {
    boolean found = false;
    for (Object id : List.copyOf(inFlight.keySet())) {
      Ticket ticket = line.contains("\"" + id + "\"") ? inFlight.remove(id) : null;
      if (ticket != null) {
        found = true;
        handle(
            Messages.synthetic(
                id, Failures.unusable(
                    subject() + "'s answer to " + ticket.what() + " " + why, List.of())));
      }
    }
    if (!found) {
      remember(line);
    }
  }

  private void remember(String line) {
    String trimmed = line.strip();
    synchronized (junk) {
      if (junk.size() == MAX_JUNK_LINES) {
        junk.removeFirst();
      }
      junk.addLast(trimmed.substring(0, Math.min(trimmed.length(), MAX_JUNK_CHARS)));
    }
  }

  private static String text(byte[] line) {
    int ends = 2 * BoundedLines.EXCERPT_BYTES;
    if (line.length <= ends) {
      return new String(line, StandardCharsets.UTF_8);
    }
    int half = BoundedLines.EXCERPT_BYTES;
    return new String(line, 0, half, StandardCharsets.UTF_8)
        + new String(line, line.length - half, half, StandardCharsets.UTF_8);
  }

  /** The child ended, or closed one of its streams: give what is still under way a moment. */
  private void afterLastWords() {
    var unused =
        CompletableFuture.allOf(outputEnded, child.errorsEnded(), child.exit())
            .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((done, e) -> shut());
  }

  private void shut() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    outbox.end();
    for (Object id : List.copyOf(inFlight.keySet())) {
      Ticket ticket = inFlight.remove(id);
      if (ticket != null) {
        handle(Messages.synthetic(id, gone(ticket)));
      }
    }
    over.complete(null);
    child.daemon("end", child::end);
  }

  private ToolException gone(Ticket ticket) {
    String message = subject() + " " + ending() + " before it answered " + ticket.what();
    return ticket.sent()
        ? Failures.lost(message + Failures.DOUBT, diagnosis())
        : Failures.unavailable(message + ", which was not sent", diagnosis());
  }

  private String ending() {
    if (closedHere) {
      return "was closed";
    }
    return child.isRunning() ? "closed its output" : child.ending();
  }

  private ToolException tooLargeToSend(int length) {
    return Failures.of(
        ErrorKind.INVALID_ARGUMENTS,
        "the message to " + subject() + " has " + length + " bytes, more than " + maxBytes,
        List.of(),
        false);
  }

  private String subject() {
    return "server '" + child.name() + "'";
  }

  @Override
  public boolean isOpen() {
    return !closed.get();
  }

  @Override
  public void whenClosed(Runnable action) {
    var unused = over.thenRun(action);
  }

  @Override
  public void abandon(Ticket ticket, String reason) {
    Object id = ticket.id();
    if (id == null || inFlight.remove(id) == null) {
      return;
    }
    if (ticket.withdraw()) {
      outbox.drop(ticket);
    } else {
      Object params = Map.of("requestId", id, "reason", reason);
      outbox.post(messages.write(new JSONRPCNotification("notifications/cancelled", params)), null);
    }
    handle(Messages.synthetic(id, Failures.unavailable(reason)));
  }

  @Override
  public List<String> diagnosis() {
    List<String> lines = new ArrayList<>();
    child.lastErrors().forEach(line -> lines.add("stderr: " + line));
    synchronized (junk) {
      junk.forEach(line -> lines.add("stdout, not MCP: " + line));
    }
    return lines;
  }

  @Override
  public Mono<Void> closeGracefully() {
    return Mono.<Void>fromRunnable(
            () -> {
              closedHere = !closed.get();
              shut();
              child.end();
            })
        .subscribeOn(Schedulers.boundedElastic());
  }

  @Override
  public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
    return messages.convert(data, type);
  }
}
