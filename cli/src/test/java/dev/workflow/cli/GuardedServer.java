package dev.workflow.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A remote MCP server that wants a login, with its authorization server on the same address. */
public final class GuardedServer implements AutoCloseable {
  /** What opens its addresses: a person with a browser, who agrees to everything. */
  public static final String BROWSER =
      ProcessHandle.current().info().command().orElse("java")
          + " -cp "
          + classes()
          + " "
          + Visitor.class.getName()
          + " %s";

  private static final String TOKEN = "the-access-token";

  private final HttpServer server;

  /** Whether the person refuses, with words that would steer a terminal. */
  private volatile boolean refuses;

  /** Whether a call is refused for want of a scope. */
  private volatile boolean wantsMore;

  /** Whether clients may register. */
  private volatile boolean registers = true;

  /** Paths and queries that came, those of the MCP server left out. */
  public final List<String> asked = new CopyOnWriteArrayList<>();

  public GuardedServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  private static String classes() {
    return GuardedServer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
  }

  public String origin() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  public String url() {
    return origin() + "/mcp";
  }

  public GuardedServer refusing() {
    refuses = true;
    return this;
  }

  public GuardedServer wantingMore() {
    wantsMore = true;
    return this;
  }

  public GuardedServer registeringNobody() {
    registers = false;
    return this;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (!path.equals("/mcp")) {
      asked.add(path);
    }
    switch (path) {
      case "/mcp" -> mcp(exchange, body);
      case "/.well-known/oauth-protected-resource/mcp" ->
          json(
              exchange,
              200,
              "{'resource':'ORIGIN/mcp','authorization_servers':['ORIGIN'],"
                  + "'scopes_supported':['notes:read']}");
      case "/.well-known/oauth-authorization-server" ->
          json(
              exchange,
              200,
              "{'issuer':'ORIGIN','authorization_endpoint':'ORIGIN/authorize',"
                  + "'token_endpoint':'ORIGIN/token',"
                  + (registers ? "'registration_endpoint':'ORIGIN/register'," : "")
                  + "'revocation_endpoint':'ORIGIN/revoke',"
                  + "'code_challenge_methods_supported':['S256']}");
      case "/register" -> json(exchange, 201, "{'client_id':'registered'}");
      case "/authorize" -> authorize(exchange);
      case "/token" ->
          json(
              exchange,
              200,
              "{'access_token':'"
                  + TOKEN
                  + "','token_type':'Bearer','expires_in':3600,"
                  + "'refresh_token':'the-refresh-token'}");
      case "/revoke" -> json(exchange, 200, "{}");
      default -> json(exchange, 404, "{}");
    }
  }

  private void authorize(HttpExchange exchange) throws IOException {
    Map<String, String> query = new TreeMap<>();
    for (String pair : exchange.getRequestURI().getRawQuery().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    String answer =
        refuses
            ? "error=access_denied&error_description=no%1B%5B2Jno"
            : "code=the-authorization-code";
    exchange
        .getResponseHeaders()
        .set("Location", query.get("redirect_uri") + "?" + answer + "&state=" + query.get("state"));
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private void mcp(HttpExchange exchange, String body) throws IOException {
    if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      exchange
          .getResponseHeaders()
          .set(
              "WWW-Authenticate",
              "Bearer resource_metadata=\""
                  + origin()
                  + "/.well-known/oauth-protected-resource/mcp\"");
      json(exchange, 401, "{}");
      return;
    }
    if (wantsMore && body.contains("tools/call")) {
      exchange
          .getResponseHeaders()
          .set("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"notes:read\"");
      json(exchange, 403, "{}");
      return;
    }
    JsonNode message = body.isEmpty() ? null : JsonMapper.shared().readTree(body);
    String result =
        switch (message == null ? "" : message.path("method").asString("")) {
          case "initialize" ->
              "{'protocolVersion':'2025-11-25','capabilities':{'tools':{}},"
                  + "'serverInfo':{'name':'notes','version':'1'}}";
          case "tools/list" ->
              "{'tools':[{'name':'peek','inputSchema':{'type':'object'},"
                  + "'annotations':{'readOnlyHint':true}}]}";
          case "tools/call" -> "{'content':[{'type':'text','text':'" + TOKEN + "'}]}";
          default -> "";
        };
    if (message == null || result.isEmpty()) {
      exchange.sendResponseHeaders(message == null ? 405 : 202, -1);
      exchange.close();
      return;
    }
    json(
        exchange, 200, "{'jsonrpc':'2.0','id':" + message.path("id") + ",'result':" + result + "}");
  }

  private void json(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes =
        text.replace('\'', '"').replace("ORIGIN", origin()).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** The program that visits an address, and all that it is led to. */
  static final class Visitor {
    private Visitor() {}

    public static void main(String[] args) throws Exception {
      try (HttpClient browser =
          HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
        browser.send(
            HttpRequest.newBuilder(URI.create(args[0])).build(), BodyHandlers.discarding());
      }
    }
  }
}
