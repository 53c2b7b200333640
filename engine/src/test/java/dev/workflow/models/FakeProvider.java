package dev.workflow.models;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.workflow.models.FakeWire.End;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model provider on this machine that speaks the wire protocols of OpenAI ({@code
 * /v1/chat/completions}), Anthropic ({@code /v1/messages}) and Ollama ({@code /api/chat}). As a
 * program it answers from a file of rules, and whatever no rule answers with a value that fits the
 * schema asked for: {@code FakeProvider [PORT] [RULES.json]}, then point {@code OPENAI_BASE_URL} at
 * the address it prints.
 */
public final class FakeProvider implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int PIECE = 7;
  private static final long GONE_SECONDS = 20;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch abandoned = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Function<JsonNode, FakeAnswer> answers;

  private FakeProvider(int port, Function<JsonNode, FakeAnswer> answers) throws IOException {
    this.answers = answers;
    this.server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  /** One request as it came. */
  public record Received(String path, Map<String, String> headers, JsonNode body) {}

  /** A provider on a free port whose answers are computed from the request. */
  public static FakeProvider start(Function<JsonNode, FakeAnswer> answers) {
    return start(0, answers);
  }

  /** A provider that gives these answers in order, the last one for ever. */
  public static FakeProvider start(FakeAnswer... answers) {
    List<FakeAnswer> given = List.of(answers);
    int[] next = {0};
    return start(
        request -> {
          synchronized (next) {
            return given.get(Math.min(next[0]++, given.size() - 1));
          }
        });
  }

  private static FakeProvider start(int port, Function<JsonNode, FakeAnswer> answers) {
    try {
      return new FakeProvider(port, answers);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves until the process is ended. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
    FakeRules rules =
        arguments.length > 1
            ? FakeRules.read(Files.readString(Path.of(arguments[1])))
            : FakeRules.NONE;
    FakeProvider provider = start(port, rules::answer);
    System.out.println("OPENAI_BASE_URL=" + provider.url() + "/v1");
    System.out.flush();
    new CountDownLatch(1).await();
  }

  /** {@code http://127.0.0.1:PORT}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The requests so far. */
  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /** Waits until a client has gone away in the middle of an answer. */
  boolean wasAbandoned() {
    try {
      return abandoned.await(GONE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
      requests.add(new Received(path, headers, body));
      answer(exchange, FakeWire.of(path), answers.apply(body));
    } catch (IOException goneAway) {
      abandoned.countDown();
    }
  }

  private void answer(HttpExchange exchange, FakeWire wire, FakeAnswer answer) throws IOException {
    switch (answer) {
      case FakeAnswer.Status status -> refuse(exchange, wire, status);
      case FakeAnswer.Slow slow -> {
        pause(slow.delay().toMillis());
        answer(exchange, wire, slow.then());
      }
      case FakeAnswer.Cut cut -> cut(exchange, wire, cut.text());
      case FakeAnswer.Silent silent -> {
        OutputStream out = begin(exchange);
        send(out, wire.start());
        send(out, wire.text(silent.text()));
        pause(TimeUnit.MINUTES.toMillis(5));
      }
      case FakeAnswer.Endless endless -> {
        OutputStream out = begin(exchange);
        send(out, wire.start());
        send(out, wire.text(endless.text()));
        while (closing.getCount() > 0) {
          pause(endless.pause().toMillis());
          send(out, wire.more(endless.text()));
        }
      }
      case FakeAnswer.Text text -> stream(exchange, reply(wire, text.text(), List.of(), End.STOP));
      case FakeAnswer.Truncated text ->
          stream(exchange, reply(wire, text.text(), List.of(), End.LENGTH));
      case FakeAnswer.Calls calls ->
          stream(exchange, reply(wire, calls.text(), calls.calls(), End.CALLS));
      case FakeAnswer.Thinking thinking -> stream(exchange, thinking(wire, thinking));
      case FakeAnswer.Refusal refusal -> {
        List<String> pieces = new ArrayList<>(wire.start());
        pieces.addAll(wire.refusal(refusal.text()));
        stream(exchange, pieces);
      }
      case FakeAnswer.StreamError error ->
          stream(exchange, begun(wire, "a", wire.streamError(error.type(), error.message())));
      case FakeAnswer.Malformed malformed ->
          stream(exchange, begun(wire, malformed.text(), wire.malformed()));
      case FakeAnswer.Unfinished unfinished -> stream(exchange, begun(wire, unfinished.text(), ""));
    }
  }

  private static List<String> begun(FakeWire wire, String text, String then) {
    List<String> pieces = new ArrayList<>(wire.start());
    pieces.addAll(wire.text(text));
    pieces.add(then);
    return pieces;
  }

  private static List<String> thinking(FakeWire wire, FakeAnswer.Thinking thinking) {
    List<String> pieces = new ArrayList<>(wire.start());
    pieces.addAll(wire.thinking(0, thinking.thinking(), thinking.signature()));
    List<String> reply = reply(wire, thinking.then().text(), thinking.then().calls(), End.CALLS);
    pieces.addAll(reply.subList(wire.start().size(), reply.size()));
    return pieces;
  }

  private static List<String> reply(
      FakeWire wire, String text, List<FakeAnswer.Call> calls, End end) {
    List<String> pieces = new ArrayList<>(wire.start());
    for (int at = 0; at < text.length(); at += PIECE) {
      String piece = text.substring(at, Math.min(text.length(), at + PIECE));
      pieces.addAll(at == 0 ? wire.text(piece) : wire.more(piece));
    }
    if (!text.isEmpty()) {
      pieces.addAll(wire.textEnd());
    }
    for (int i = 0; i < calls.size(); i++) {
      pieces.addAll(wire.call(i, calls.get(i)));
    }
    pieces.addAll(wire.end(end));
    return pieces;
  }

  private static void stream(HttpExchange exchange, List<String> pieces) throws IOException {
    try (OutputStream out = begin(exchange)) {
      send(out, pieces);
    }
  }

  private static OutputStream begin(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    return exchange.getResponseBody();
  }

  private static void send(OutputStream out, List<String> pieces) throws IOException {
    for (String piece : pieces) {
      out.write(piece.getBytes(StandardCharsets.UTF_8));
      out.flush();
    }
  }

  /** Promises more than it sends. */
  private static void cut(HttpExchange exchange, FakeWire wire, String text) throws IOException {
    byte[] piece = String.join("", begun(wire, text, "")).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, piece.length + 1_000L);
    OutputStream out = exchange.getResponseBody();
    out.write(piece);
    out.flush();
  }

  private static void refuse(HttpExchange exchange, FakeWire wire, FakeAnswer.Status status)
      throws IOException {
    status.headers().forEach(exchange.getResponseHeaders()::add);
    String text = status.body();
    byte[] body =
        (text == null ? wire.error("some_error", status.message()) : text)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status.code(), body.length);
    exchange.getResponseBody().write(body);
  }

  private void pause(long millis) throws IOException {
    try {
      if (closing.await(millis, TimeUnit.MILLISECONDS)) {
        throw new IOException("the server is closing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
