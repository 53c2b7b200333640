package dev.workflow.mcp;

import dev.workflow.engine.Tools.ToolException;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Newline-delimited JSON over a child's standard streams. What is no message is remembered and
 * skipped; when the child goes away every request in flight is answered at once.
 */
final class StdioTransport implements Wire {
  /** How long the last words of a child that ended may take to arrive. */
  private static final Duration LAST_WORDS = Duration.ofMillis(150);

  /** How long Java may take to learn how a child ended that the system says is gone. */
  private static final Duration EXIT_CODE = Duration.ofSeconds(2);

  /** Some programs begin their output with it. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** So many of the largest messages may come before one that somebody waits for. */
  private static final long MAX_USELESS_MESSAGES = 16;

  /** How a message tells which request it answers, should it be no JSON otherwise. */
  private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]*)\"");

  private static final Pattern MESSAGE = Pattern.compile("\\uFEFF?\\s*\\[?\\s*\\{\\s*\"");

  private final Child child;
  private final int maxBytes;
  private final Messages messages;
  private final BoundedLines lines;
  private final StrayLines strays = new StrayLines();
  private final Outbox outbox;
  private final Map<Object, Ticket> inFlight = new ConcurrentHashMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean closedHere;
  private volatile @Nullable String broken;

  /** How a too long line begins whose request, if there is one, only its end tells. */
  private @Nullable String undecided;

  private final CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> outputEnded = new CompletableFuture<>();
  private volatile Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> handler = mono -> mono;

  StdioTransport(Child child, int maxBytes) {
    this.child = child;
    this.maxBytes = maxBytes;
    this.messages = new Messages(maxBytes);
    this.lines = new BoundedLines(child.output(), maxBytes, MAX_USELESS_MESSAGES * maxBytes);
    this.outbox = new Outbox(maxBytes);
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
          byte[] bytes = messages.write(message, subject());
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
      broken = "closed its input";
      afterLastWords();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() {
    try {
      for (BoundedLines.Line line = lines.next(); line != null; line = lines.next()) {
        switch (line) {
          case BoundedLines.Line.Whole whole -> accept(whole.bytes());
          case BoundedLines.Line.Unfinished last -> acceptLast(last.bytes());
          case BoundedLines.Line.TooLong tooLong -> refuse(tooLong.head());
          case BoundedLines.Line.TooLongEnd end -> refuseBy(end.tail());
        }
      }
    } catch (BoundedLines.Flood e) {
      broken = e.getMessage() + " and was ended";
      shut();
    } catch (IOException e) {
      strays.add("reading stopped: ", String.valueOf(e.getMessage()));
    } finally {
      outputEnded.complete(null);
      afterLastWords();
    }
  }

  private void accept(byte[] line) {
    int start = start(line);
    if (start == line.length) {
      return;
    }
    if (line[start] != '{' && line[start] != '[') {
      strays.add(StrayLines.NOT_MCP, StrayLines.text(line));
      return;
    }
    try {
      deliver(line, start);
    } catch (JacksonException e) {
      String text = StrayLines.text(line);
      if (!fail(text, text, Messages.why(e))) {
        strays.add(StrayLines.NOT_MCP, text);
      }
    }
  }

  /**
   * A message may lack its end of line; what lacks more than that is the word of a dying server.
   */
  private void acceptLast(byte[] line) {
    try {
      deliver(line, start(line));
    } catch (JacksonException e) {
      strays.add(StrayLines.UNFINISHED, StrayLines.text(line));
    }
  }

  private static int start(byte[] line) {
    int length = BYTE_ORDER_MARK.length;
    boolean marked =
        line.length >= length && Arrays.equals(line, 0, length, BYTE_ORDER_MARK, 0, length);
    int start = marked ? length : 0;
    while (start < line.length && Character.isWhitespace(line[start])) {
      start++;
    }
    return start;
  }

  private void deliver(byte[] line, int start) {
    JsonNode node =
        messages.parse(start == 0 ? line : Arrays.copyOfRange(line, start, line.length));
    for (JsonNode each : node.isArray() ? node : List.of(node)) {
      Messages.message(each)
          .ifPresentOrElse(
              message -> deliver(message, line), () -> noMessage(each, StrayLines.text(line)));
    }
  }

  private void deliver(JSONRPCMessage message, byte[] line) {
    if (message instanceof JSONRPCResponse response) {
      if (inFlight.remove(response.id()) == null) {
        strays.add(StrayLines.UNASKED, StrayLines.text(line));
        return;
      }
      lines.wasUseful();
    }
    handle(message);
  }

  private void noMessage(JsonNode node, String line) {
    if (!failOne(node.path("id").asString(""), line, "is no JSON-RPC message")) {
      strays.add(StrayLines.NOT_MCP, line);
    }
  }

  private void handle(JSONRPCMessage message) {
    handler.apply(Mono.just(message)).onErrorComplete().subscribe();
  }

  /** Told as soon as the limit is passed where the line begins with its id. */
  private void refuse(String head) {
    undecided = fail(head, head, oversize()) ? null : head;
  }

  private void refuseBy(String tail) {
    String head = undecided;
    if (head != null && !fail(head, tail, oversize())) {
      strays.add(StrayLines.NOT_MCP, head);
    }
  }

  private String oversize() {
    return "is larger than the limit of " + maxBytes + " bytes";
  }

  /**
   * Fails the requests that an unusable line answers.
   *
   * @param head how it begins: what does not begin like a message only mentions an id
   * @param text where the ids are looked for
   * @return whether there are such requests
   */
  private boolean fail(String head, String text, String why) {
    boolean found = false;
    if (MESSAGE.matcher(head).lookingAt()) {
      for (Matcher ids = ID.matcher(text); ids.find(); ) {
        found |= failOne(ids.group(1), head, why);
      }
    }
    return found;
  }

  private boolean failOne(Object id, String line, String why) {
    Ticket ticket = inFlight.remove(id);
    if (ticket == null) {
      return false;
    }
    List<String> details = new ArrayList<>();
    details.add(StrayLines.shown(StrayLines.UNUSABLE, line));
    details.addAll(said());
    String message = subject() + "'s answer to " + ticket.what() + " " + why;
    handle(Messages.synthetic(id, Failures.unusable(message, details)));
    return true;
  }

  /**
   * The child ended, or closed one of its streams: give what is still under way a moment. The exit
   * code of one that is gone is worth another.
   */
  private void afterLastWords() {
    CompletableFuture<Integer> exit = child.exit();
    var unused =
        CompletableFuture.allOf(outputEnded, child.errorsEnded(), exit)
            .completeOnTimeout(null, LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)
            .thenCompose(moment -> child.isGone() ? exit : CompletableFuture.completedFuture(null))
            .completeOnTimeout(null, EXIT_CODE.toMillis(), TimeUnit.MILLISECONDS)
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
        : Failures.unavailable(message + Failures.UNSENT, diagnosis());
  }

  private String ending() {
    if (closedHere) {
      return "was closed";
    }
    return child.isRunning()
        ? Objects.requireNonNullElse(broken, "closed its output")
        : child.ending();
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
      outbox.post(
          messages.write(new JSONRPCNotification("notifications/cancelled", params), subject()),
          null);
    }
    handle(Messages.synthetic(id, Failures.unavailable(reason)));
  }

  @Override
  public void giveUp(String why) {
    broken = why + " and was ended";
    shut();
  }

  @Override
  public List<String> diagnosis() {
    List<String> found = said();
    String begun = lines.begun();
    if (!begun.isBlank()) {
      found.add(StrayLines.shown(StrayLines.UNFINISHED, begun));
    }
    return found;
  }

  private List<String> said() {
    List<String> found = new ArrayList<>();
    child.lastErrors().forEach(line -> found.add("stderr: " + line));
    found.addAll(strays.lines());
    return found;
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
