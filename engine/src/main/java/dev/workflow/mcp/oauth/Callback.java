package dev.workflow.mcp.oauth;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Where the browser comes back: a port of this machine that nobody else reaches (RFC 8252 section
 * 7.3). Only an answer with our state counts; another one is told so, and we go on waiting, as any
 * page of the web can send a browser here.
 */
final class Callback implements AutoCloseable {
  private static final String PATH = "/callback";
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  /** A free port of one address may be taken on the other. */
  private static final int TRIALS = 20;

  private final List<HttpServer> servers;
  private final byte[] state;
  private final CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();
  private final AtomicInteger strange = new AtomicInteger();

  private Callback(List<HttpServer> servers, String state) {
    this.servers = List.copyOf(servers);
    this.state = state.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Listens from now on, on each address that {@code localhost} stands for, as a browser takes any:
   * where one is free, another program could wait there for the answer.
   *
   * @param port 0: any that is free
   */
  static Callback open(int port, String state) throws IOException {
    for (int trial = 1; ; trial++) {
      List<HttpServer> servers = new ArrayList<>();
      try {
        int wanted = port;
        for (InetAddress address : addresses()) {
          servers.add(HttpServer.create(new InetSocketAddress(address, wanted), 0));
          wanted = servers.getFirst().getAddress().getPort();
        }
        return listening(servers, state);
      } catch (BindException taken) {
        servers.forEach(server -> server.stop(0));
        if (port != 0 || trial == TRIALS) {
          throw taken;
        }
      }
    }
  }

  private static Callback listening(List<HttpServer> servers, String state) {
    Callback callback = new Callback(servers, state);
    for (HttpServer server : servers) {
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", callback::handle);
      server.start();
    }
    return callback;
  }

  /** 127.0.0.1, and ::1 where this machine has it. */
  private static List<InetAddress> addresses() throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (String literal : List.of("127.0.0.1", "::1")) {
      InetAddress address = InetAddress.getByName(literal);
      if (NetworkInterface.getByInetAddress(address) != null) {
        addresses.add(address);
      }
    }
    if (addresses.isEmpty()) {
      throw new IOException("this machine has no loopback address");
    }
    return addresses;
  }

  URI redirect() {
    return URI.create("http://localhost:" + servers.getFirst().getAddress().getPort() + PATH);
  }

  /** What the browser brought; null: nothing in time. */
  @Nullable Map<String, String> await(Duration patience) throws InterruptedException {
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many answers came that were to another question than ours. */
  int strange() {
    return strange.get();
  }

  private void handle(HttpExchange exchange) throws IOException {
    if (!PATH.equals(exchange.getRequestURI().getPath())
        || !"GET".equals(exchange.getRequestMethod())) {
      page(exchange, NOT_FOUND, "There is nothing here.");
      return;
    }
    Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
    byte[] given = query.getOrDefault("state", "").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(state, given)) {
      strange.incrementAndGet();
      page(exchange, BAD_REQUEST, "This is not the answer to the login that was asked for.");
      return;
    }
    page(exchange, OK, "You can close this page and go back to the terminal.");
    answer.complete(query);
  }

  private static Map<String, String> query(@Nullable String raw) {
    Map<String, String> query = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&")) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.putIfAbsent(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  /**
   * Nothing of what was sent here is shown, and no other site learns the address, with its code.
   */
  private static void page(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body =
        ("<!doctype html><meta charset=utf-8><title>workflow</title><p>" + text)
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'");
    exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
  }
}
