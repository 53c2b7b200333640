package dev.workflow.mcp;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A streamable HTTP server whose tools answer with whatever status or body their name says. */
final class FakeHttpServer implements AutoCloseable {
  private final HttpServer server;
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final List<String> methods = new CopyOnWriteArrayList<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicInteger resumed = new AtomicInteger();
  private volatile String session = "";
  private volatile int forgotten;
  private volatile String unanswered = "";

  FakeHttpServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://localhost:" + server.getAddress().getPort() + "/mcp?tenant=1";
  }

  /** Names the sessions that begin from now on. */
  void names(String name) {
    session = name;
  }

  /** Answers whatever belongs to a session with that status from now on. */
  void forgets(int status) {
    forgotten = status;
  }

  /** Answers all calls of the tool {@code wait}. */
  void release() {
    released.countDown();
  }

  /** What stood in the Authorization header of each request. */
  List<String> authorizations() {
    return authorizations;
  }

  /** The JSON-RPC methods and HTTP paths that arrived. */
  List<String> methods() {
    return methods;
  }

  private void handle(HttpExchange exchange) throws IOException {
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    if (forgotten > 0 && exchange.getRequestHeaders().containsKey("Mcp-Session-Id")) {
      status(exchange, forgotten);
      return;
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      resume(exchange);
      return;
    }
    JsonNode message = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
    methods.add(message.path("method").asString() + " " + exchange.getRequestURI());
    String id = message.path("id").toString();
    switch (message.path("method").asString()) {
      case "initialize" -> {
        if (!session.isEmpty()) {
          exchange.getResponseHeaders().set("Mcp-Session-Id", session);
        }
        answer(
            exchange,
            id,
            "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                + "\"serverInfo\":{\"name\":\"http\",\"version\":\"1\"}}");
      }
      case "tools/list" -> answer(exchange, id, "{\"tools\":[" + tools() + "]}");
      case "tools/call" -> call(exchange, id, message.path("params").path("name").asString());
      case "ping" -> answer(exchange, id, "{}");
      default -> status(exchange, 202);
    }
  }

  private static void status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  private static void away(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Location", "http://localhost:1/");
    status(exchange, 307);
  }

  /** A stream that broke is taken up again at the third trial: busy first, then not there. */
  private void resume(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestHeaders().containsKey("Last-Event-ID")) {
      status(exchange, 405);
      return;
    }
    switch (resumed.getAndIncrement()) {
      case 0 -> status(exchange, 503);
      case 1 -> away(exchange);
      default ->
          events(exchange, "data: {\"jsonrpc\":\"2.0\",\"id\":" + unanswered + ",\"result\":{}}");
    }
  }

  private static void events(HttpExchange exchange, String event) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write((event + "\n\n").getBytes(StandardCharsets.UTF_8));
    exchange.close();
  }

  private static String tools() {
    StringBuilder tools = new StringBuilder();
    for (String name :
        List.of(
            "good",
            "status-401",
            "status-429",
            "status-500",
            "status-400",
            "huge",
            "deep",
            "garbage",
            "cut",
            "number")) {
      tools
          .append(tools.isEmpty() ? "" : ",")
          .append("{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}");
    }
    return tools.toString();
  }

  private void call(HttpExchange exchange, String id, String tool) throws IOException {
    if (tool.startsWith("status-")) {
      status(exchange, Integer.parseInt(tool.substring(7)));
      return;
    }
    if (tool.startsWith("later-")) {
      exchange.getResponseHeaders().set("Retry-After", tool.substring(6));
      status(exchange, 429);
      return;
    }
    switch (tool) {
      case "elsewhere" -> away(exchange);
      case "wait" -> {
        try {
          released.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        text(exchange, id, "fine");
      }
      case "broken-stream" -> {
        unanswered = id;
        events(exchange, "id: 1\nretry: 1");
      }
      case "huge" -> text(exchange, id, "x".repeat(2_000_000));
      case "deep" ->
          answer(
              exchange,
              id,
              "{\"content\":[],\"structuredContent\":"
                  + "{\"a\":".repeat(10_000)
                  + "1"
                  + "}".repeat(10_000)
                  + "}");
      case "garbage" -> body(exchange, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{");
      case "cut" -> {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(": hello\n\n".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        throw new IOException("the connection breaks here");
      }
      case "number" ->
          answer(
              exchange,
              id,
              "{\"content\":[],\"structuredContent\":{\"exact\":12345678901234567890.123456789}}");
      default -> text(exchange, id, "fine");
    }
  }

  private static void text(HttpExchange exchange, String id, String text) throws IOException {
    answer(exchange, id, "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}");
  }

  private static void answer(HttpExchange exchange, String id, String result) throws IOException {
    body(exchange, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
  }

  private static void body(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    release();
    server.stop(0);
  }
}
