package dev.workflow.mcp.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.workflow.mcp.remote.AddressRules;
import dev.workflow.mcp.remote.Proxies;
import dev.workflow.mcp.remote.Web;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An MCP server that wants a login, and its authorization server, which gives each refresh token
 * once: one that comes twice ends the login. It can misbehave.
 */
public final class FakeOAuth implements AutoCloseable {
  /** What it does wrong. */
  public enum Habit {
    OTHER_RESOURCE,
    OTHER_ISSUER,
    NO_PKCE,
    NO_REGISTRATION,
    WRONG_STATE,
    OTHER_NAME,
    NO_NAME,
    OF_2025_03_26,
    DENIES,
    HUGE_METADATA,
    METADATA_IN_A_CIRCLE,
    RESOURCE_IS_HUGE,
    RESOURCE_IN_A_CIRCLE,
    TOKEN_HANGS,
    TOKEN_SAYS_ESCAPES,
    TOKEN_OF_ANOTHER_TYPE,
    REFRESH_IS_DOWN,
    MACHINES_ARE_DOWN,
    NO_REFRESH_TOKENS,
    ECHOES_TOKENS,
    TAKES_NO_TOKEN,
    WANTS_BASIC,
    RESOURCE_IS_DOWN,
    RESOURCE_HANGS,
    HAS_OPENID_METADATA
  }

  private static final String ESCAPES = "\u001b[2J\u001b]0;owned\u0007";

  private final HttpServer server;
  private final Set<Habit> habits = ConcurrentHashMap.newKeySet();
  private final Map<String, String> challenges = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> granted = new ConcurrentHashMap<>();
  private final Set<String> refreshTokens = ConcurrentHashMap.newKeySet();
  private final Map<String, Set<String>> used = new ConcurrentHashMap<>();
  private final AtomicInteger drawn = new AtomicInteger();

  /** Every form and query that came to the authorization server, with its path. */
  public final List<Map<String, String>> asked = new CopyOnWriteArrayList<>();

  /** What stood in the header Authorization of each MCP request. */
  public final List<String> authorizations = new CopyOnWriteArrayList<>();

  private volatile UnaryOperator<ObjectNode> metadata = json -> json;

  /** That it lists. */
  private volatile List<String> scopes = List.of("read");

  /** Done before a token is renewed. */
  private volatile Runnable renewing = () -> {};

  /** Why no token is renewed, by the form that asks for one; absent: each is. */
  private volatile @Nullable Function<Map<String, String>, String> refusal;

  public FakeOAuth(Habit... habits) throws IOException {
    this.habits.addAll(Arrays.asList(habits));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
  }

  public String origin() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  public String url() {
    return origin() + "/mcp";
  }

  /** Lists these scopes from now on. */
  public void lists(String... those) {
    scopes = List.of(those);
  }

  public void begin(Habit habit) {
    habits.add(habit);
  }

  public void end(Habit habit) {
    habits.remove(habit);
  }

  public void metadata(UnaryOperator<ObjectNode> change) {
    metadata = change;
  }

  /** Does something before it renews a token. */
  public void renewing(Runnable work) {
    renewing = work;
  }

  /** Renews no token from now on, and says this of each form that asks for one. */
  public void refusal(Function<Map<String, String>, String> words) {
    refusal = words;
  }

  /** No token that was given until now is taken any more. */
  public void forgetTokens() {
    granted.clear();
  }

  /** No refresh token that was given until now is taken any more. */
  public void forgetRefreshTokens() {
    refreshTokens.clear();
  }

  /** How often tokens were asked for in this way. */
  public long grants(String type) {
    return asked.stream().filter(form -> type.equals(form.get("grant_type"))).count();
  }

  /** The tokens that are taken now. */
  public Set<String> tokens() {
    return Set.copyOf(granted.keySet());
  }

  /** A person with a browser, who agrees to everything. */
  public static void visit(LoginRequest.Invitation invitation) {
    try (HttpClient browser =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
      browser.send(HttpRequest.newBuilder(invitation.address()).build(), BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean does(Habit habit) {
    return habits.contains(habit);
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    switch (path) {
      case "/mcp" -> mcp(exchange);
      case "/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource" ->
          resource(exchange);
      case "/.well-known/oauth-authorization-server" -> {
        if (does(Habit.HAS_OPENID_METADATA)) {
          json(exchange, 500, object());
        } else {
          metadata(exchange);
        }
      }
      case "/.well-known/openid-configuration" -> metadata(exchange);
      case "/circle" -> redirect(exchange, origin() + "/circle");
      case "/redirect" -> {
        String to = exchange.getRequestURI().getQuery().substring(3) + "/token";
        exchange.getResponseHeaders().set("Location", to);
        exchange.sendResponseHeaders(307, -1);
        exchange.close();
      }
      case "/register" -> register(exchange);
      case "/authorize" -> authorize(exchange, parsed(exchange.getRequestURI().getRawQuery()));
      case "/token" -> token(exchange, form(exchange, path));
      case "/revoke" -> {
        Map<String, String> form = form(exchange, path);
        asked.add(form);
        refreshTokens.remove(form.get("token"));
        json(exchange, 200, object());
      }
      default -> json(exchange, 404, object());
    }
  }

  private void resource(HttpExchange exchange) throws IOException {
    boolean first = exchange.getRequestURI().getPath().endsWith("/mcp");
    if (first && does(Habit.RESOURCE_IS_HUGE)) {
      huge(exchange);
    } else if (first && does(Habit.RESOURCE_IN_A_CIRCLE)) {
      redirect(exchange, origin() + "/circle");
    } else if (!does(Habit.RESOURCE_HANGS)) {
      int refused = does(Habit.OF_2025_03_26) ? 404 : 200;
      json(exchange, does(Habit.RESOURCE_IS_DOWN) ? 503 : refused, resource());
    }
  }

  private ObjectNode resource() {
    ObjectNode json = object().put("resource", url());
    if (does(Habit.OTHER_RESOURCE)) {
      json.put("resource", "https://bank.example/mcp");
    }
    json.putArray("authorization_servers").add(origin());
    scopes.forEach(json.putArray("scopes_supported")::add);
    return json;
  }

  private void metadata(HttpExchange exchange) throws IOException {
    if (does(Habit.METADATA_IN_A_CIRCLE)) {
      redirect(exchange, origin() + "/circle");
      return;
    }
    if (does(Habit.HUGE_METADATA)) {
      huge(exchange);
      return;
    }
    ObjectNode json =
        object()
            .put("issuer", does(Habit.OTHER_ISSUER) ? "https://accounts.example" : origin())
            .put("authorization_endpoint", origin() + "/authorize")
            .put("token_endpoint", origin() + "/token")
            .put("registration_endpoint", origin() + "/register")
            .put("revocation_endpoint", origin() + "/revoke")
            .put("authorization_response_iss_parameter_supported", true);
    if (!does(Habit.NO_PKCE)) {
      json.putArray("code_challenge_methods_supported").add("S256");
    }
    json.putArray("token_endpoint_auth_methods_supported")
        .add("none")
        .add("client_secret_basic")
        .add("private_key_jwt");
    json(exchange, 200, metadata.apply(json));
  }

  private static void huge(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 100_000_000);
    try {
      for (int i = 0; i < 100_000; i++) {
        exchange.getResponseBody().write(" ".repeat(1_000).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException theClientHasEnough) {
      exchange.close();
    }
  }

  private void register(HttpExchange exchange) throws IOException {
    JsonNode body = JsonMapper.shared().readTree(exchange.getRequestBody().readAllBytes());
    asked.add(Map.of("path", "/register", "body", body.toString()));
    if (does(Habit.NO_REGISTRATION)) {
      json(
          exchange,
          400,
          object()
              .put("error", "invalid_client_metadata")
              .put("error_description", "no" + ESCAPES));
      return;
    }
    json(exchange, 201, object().put("client_id", "client-" + drawn.incrementAndGet()));
  }

  private void authorize(HttpExchange exchange, Map<String, String> query) throws IOException {
    query.put("path", "/authorize");
    asked.add(query);
    String code = "the-code-" + drawn.incrementAndGet();
    challenges.put(code, query.getOrDefault("code_challenge", ""));
    granted.put(code, new HashSet<>(List.of(query.getOrDefault("scope", "").split(" "))));
    String state = does(Habit.WRONG_STATE) ? "another" : query.get("state");
    String name = does(Habit.OTHER_NAME) ? "https://evil.example" : origin();
    String iss = does(Habit.NO_NAME) ? "" : "&iss=" + encoded(name);
    String answer =
        does(Habit.DENIES)
            ? "error=access_denied&error_description=" + encoded("she said no" + ESCAPES)
            : "code=" + code;
    redirect(exchange, query.get("redirect_uri") + "?" + answer + "&state=" + state + iss);
  }

  private void token(HttpExchange exchange, Map<String, String> form) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization != null) {
      form.put("authorization", authorization);
    }
    asked.add(form);
    if (does(Habit.TOKEN_HANGS)) {
      return;
    }
    if (does(Habit.TOKEN_SAYS_ESCAPES)) {
      refuse(exchange, "server_error", ESCAPES + "x".repeat(10_000));
      return;
    }
    switch (form.getOrDefault("grant_type", "")) {
      case "authorization_code" -> {
        String code = form.getOrDefault("code", "");
        if (!s256(form.getOrDefault("code_verifier", "")).equals(challenges.remove(code))) {
          refuse(exchange, "invalid_grant", "the verifier is wrong");
          return;
        }
        give(exchange, Objects.requireNonNull(granted.remove(code)), true);
      }
      case "refresh_token" -> {
        renewing.run();
        Function<Map<String, String>, String> why = refusal;
        if (why == null) {
          refresh(exchange, form.getOrDefault("refresh_token", ""));
        } else {
          refuse(exchange, "invalid_grant", why.apply(form));
        }
      }
      case "client_credentials" -> {
        renewing.run();
        if (does(Habit.MACHINES_ARE_DOWN)) {
          json(exchange, 503, object());
        } else {
          Set<String> asked = new HashSet<>(List.of(form.getOrDefault("scope", "").split(" ")));
          give(exchange, asked, false);
        }
      }
      default -> refuse(exchange, "unsupported_grant_type", "");
    }
  }

  private synchronized void refresh(HttpExchange exchange, String token) throws IOException {
    if (does(Habit.REFRESH_IS_DOWN)) {
      json(exchange, 503, object());
      return;
    }
    if (!refreshTokens.remove(token)) {
      if (used.containsKey(token)) {
        granted.clear();
        refreshTokens.clear();
      }
      refuse(exchange, "invalid_grant", "the refresh token is not known, or came twice");
      return;
    }
    Set<String> scopes = used.getOrDefault(token, Set.of("read"));
    give(exchange, scopes, true);
  }

  private void give(HttpExchange exchange, Set<String> scopes, boolean refreshable)
      throws IOException {
    String access = "access-token-" + drawn.incrementAndGet();
    granted.put(access, scopes);
    ObjectNode json = object().put("access_token", access).put("expires_in", 3_600);
    json.put("token_type", does(Habit.TOKEN_OF_ANOTHER_TYPE) ? "mac" : "bearer");
    if (refreshable && !does(Habit.NO_REFRESH_TOKENS)) {
      String refresh = "refresh-token-" + drawn.incrementAndGet();
      used.put(refresh, scopes);
      refreshTokens.add(refresh);
      json.put("refresh_token", refresh);
    }
    json(exchange, 200, json.put("scope", String.join(" ", scopes)));
  }

  private void refuse(HttpExchange exchange, String error, String why) throws IOException {
    json(exchange, 400, object().put("error", error).put("error_description", why));
  }

  private void mcp(HttpExchange exchange) throws IOException {
    String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] body = exchange.getRequestBody().readAllBytes();
    if (!exchange.getRequestMethod().equals("POST")) {
      json(exchange, 405, object());
      return;
    }
    authorizations.add(authorization);
    Set<String> scopes = granted.get(authorization.replace("Bearer ", ""));
    if (scopes == null || does(Habit.TAKES_NO_TOKEN)) {
      challenge(exchange, 401, "");
      return;
    }
    JsonNode message = JsonMapper.shared().readTree(body);
    String id = message.path("id").toString();
    String tool = message.path("params").path("name").asString("");
    if (tool.equals("write") && !scopes.contains("write")) {
      challenge(exchange, 403, ", error=\"insufficient_scope\", scope=\"write\"");
      return;
    }
    String text = does(Habit.ECHOES_TOKENS) ? authorization : "done";
    String result =
        switch (message.path("method").asString()) {
          case "initialize" ->
              "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                  + "\"serverInfo\":{\"name\":\"guarded\",\"version\":\"1\"}}";
          case "tools/list" ->
              "{\"tools\":[{\"name\":\"read\",\"inputSchema\":{\"type\":\"object\"}},"
                  + "{\"name\":\"write\",\"inputSchema\":{\"type\":\"object\"}}]}";
          case "tools/call" -> "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}";
          default -> "";
        };
    if (result.isEmpty()) {
      exchange.sendResponseHeaders(202, -1);
      exchange.close();
      return;
    }
    bytes(exchange, 200, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
  }

  private void challenge(HttpExchange exchange, int status, String more) throws IOException {
    String place = origin() + "/.well-known/oauth-protected-resource/mcp";
    String bearer = "Bearer resource_metadata=\"" + place + "\"" + more;
    exchange
        .getResponseHeaders()
        .set("WWW-Authenticate", does(Habit.WANTS_BASIC) ? "Basic realm=\"x\"" : bearer);
    json(exchange, status, object());
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private static void json(HttpExchange exchange, int status, JsonNode json) throws IOException {
    bytes(exchange, status, json.toString());
  }

  private static void bytes(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, String> form(HttpExchange exchange, String path) throws IOException {
    Map<String, String> form =
        parsed(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    form.put("path", path);
    return form;
  }

  private static Map<String, String> parsed(String text) {
    Map<String, String> parsed = new HashMap<>();
    for (String pair : List.of(text.split("&", -1))) {
      int equals = pair.indexOf('=');
      parsed.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return parsed;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String s256(String verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** This server as a resource, for a client. */
  public Resource resource(ClientSettings client) {
    return resource(url(), client);
  }

  /** A resource whose entry is the user's own. */
  static Resource resource(String url, ClientSettings client) {
    URI address = URI.create(url);
    AddressRules rules = AddressRules.of(address, true, false);
    return new Resource(
        "guarded", address, false, client, () -> new Web(rules, new Proxies(Map.of())));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
