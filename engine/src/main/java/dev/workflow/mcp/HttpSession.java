package dev.workflow.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.workflow.mcp.oauth.Access;
import dev.workflow.mcp.oauth.OAuthException;
import dev.workflow.mcp.remote.Ask;
import dev.workflow.mcp.remote.Exchange;
import dev.workflow.mcp.remote.Refused;
import dev.workflow.mcp.remote.Reply;
import dev.workflow.mcp.remote.Unreadable;
import dev.workflow.mcp.remote.Web;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The requests of one MCP session over HTTP, with the headers that make them one session. */
final class HttpSession {
  /** With a token that another process renewed, and with one of our own. */
  private static final int MAX_RETRIES = 3;

  private static final Pattern SESSION_ID = Pattern.compile("[\\x21-\\x7e]{1,1024}");

  /** A header is one line of Latin-1; what else a name or a value holds would be another header. */
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final Pattern HEADER_VALUE = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");

  /** What the connection itself is made of. */
  private static final Set<String> NOT_OURS =
      Set.of("host", "content-length", "transfer-encoding", "connection", "upgrade", "te");

  private static final String SESSION = "Mcp-Session-Id";
  private static final String AUTHORIZATION = "Authorization";

  private final Web web;
  private final URI url;
  private final Map<String, String> own;
  private final Access access;
  private final String credentials;
  private volatile URI endpoint;
  private volatile @Nullable String id;
  private volatile @Nullable String version;

  HttpSession(String server, Launch.Http launch, Access access, Web web) {
    this.web = web;
    this.url = launch.url();
    this.endpoint = url;
    this.own = own(launch);
    this.access = access;
    this.credentials = launch.ownCredentials().orElse("");
    own.forEach(
        (name, value) -> {
          if (!HEADER_NAME.matcher(name).matches()
              || !HEADER_VALUE.matcher(value).matches()
              || NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
            throw Failures.unavailable(
                "server '" + server + "': the header " + name + " cannot be sent");
          }
        });
  }

  /** The headers of the entry, and the user and password of its address as every client does. */
  private static Map<String, String> own(Launch.Http launch) {
    Map<String, String> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    String user = launch.url().getUserInfo();
    if (user != null) {
      String basic = Base64.getEncoder().encodeToString(user.getBytes(UTF_8));
      own.put(AUTHORIZATION, "Basic " + basic);
    }
    own.putAll(launch.headers());
    return own;
  }

  /** How a request is watched: before its first byte goes out, and while it is under way. */
  record Watch(Runnable beforeSending, Consumer<Exchange> begun) {
    static final Watch NONE = new Watch(() -> {}, exchange -> {});
  }

  /** Learns the protocol version, which is sent from then on, from the answer to a greeting. */
  void agreed(JsonNode said) {
    if (version == null && said.isString()) {
      version = said.stringValue();
    }
  }

  /** Whether the server gave this session a name, which it may forget. */
  boolean isNamed() {
    return id != null;
  }

  /**
   * Sends all messages elsewhere from now on, as the older transport wants it.
   *
   * @throws IOException when that is another server: it was not asked for
   */
  void moveTo(String address) throws IOException {
    URI moved;
    try {
      moved = url.resolve(address.strip());
    } catch (IllegalArgumentException e) {
      throw new Unreadable("names an endpoint that is no address");
    }
    if (moved.getHost() == null || !Web.origin(moved).equals(Web.origin(url))) {
      throw new Refused("it sends messages on to another server, " + moved.getHost());
    }
    endpoint = moved;
  }

  /**
   * Sends one message.
   *
   * @param within until it is answered; absent: whoever watches ends it
   * @throws HttpRefusal for every status that is none of success
   */
  Reply post(byte[] message, @Nullable Duration within, Watch watch) throws IOException {
    Map<String, String> headers = headers("application/json, text/event-stream");
    headers.put("Content-Type", "application/json");
    Reply reply = send("POST", endpoint, headers, message, within, watch);
    String given = reply.header(SESSION).orElse(null);
    if (given != null && id == null) {
      if (!SESSION_ID.matcher(given).matches()) {
        reply.close();
        throw new Unreadable("names its session in a way that is not allowed");
      }
      id = given;
    }
    return reply;
  }

  /** Opens a stream of the server's own messages, or of what followed the event with this id. */
  Reply listen(@Nullable String lastEventId, Watch watch) throws IOException {
    Map<String, String> headers = headers("text/event-stream");
    if (lastEventId != null) {
      headers.put("Last-Event-ID", lastEventId);
    }
    Reply reply = send("GET", url, headers, null, null, watch);
    if (!reply.mediaType().equals("text/event-stream")) {
      reply.close();
      throw new Unreadable("is no stream of events, but " + type(reply));
    }
    return reply;
  }

  /** Tells the server that the session is over. */
  void end(Duration within) throws IOException {
    if (id != null) {
      send("DELETE", url, headers("*/*"), null, within, Watch.NONE).close();
    }
  }

  /** What an answer calls itself. */
  static String type(Reply reply) {
    return reply.mediaType().isEmpty() ? "of no type" : reply.mediaType();
  }

  private Map<String, String> headers(String accept) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Accept", accept);
    if (version != null) {
      headers.put("MCP-Protocol-Version", version);
    }
    return headers;
  }

  private Reply send(
      String method,
      URI target,
      Map<String, String> headers,
      byte @Nullable [] body,
      @Nullable Duration within,
      Watch watch)
      throws IOException {
    Optional<String> authorization = authorization(target);
    Reply reply = once(method, target, headers, body, within, watch, authorization);
    for (int sent = 1;
        sent <= MAX_RETRIES && again(reply, authorization.orElse(null), sent);
        sent++) {
      reply.close();
      authorization = authorization(target);
      reply = once(method, target, headers, body, within, watch, authorization);
    }
    if (reply.status() < 200 || reply.status() > 299) {
      try (Reply refusing = reply) {
        throw HttpRefusal.of(refusing, credentials);
      }
    }
    return reply;
  }

  private Optional<String> authorization(URI target) {
    try {
      return access.authorization(target);
    } catch (OAuthException e) {
      throw HttpFaults.noAccess(e);
    }
  }

  private boolean again(Reply reply, @Nullable String authorization, int sent) {
    int status = reply.status();
    if (status != 401 && status != 403) {
      return false;
    }
    List<String> said = reply.headers("WWW-Authenticate");
    try {
      return sent == 1
          ? access.refused(status, said, authorization)
          : access.refusedAgain(status, said, authorization);
    } catch (OAuthException e) {
      reply.close();
      throw HttpFaults.noAccess(e);
    }
  }

  private Reply once(
      String method,
      URI target,
      Map<String, String> headers,
      byte @Nullable [] body,
      @Nullable Duration within,
      Watch watch,
      Optional<String> authorization)
      throws IOException {
    Map<String, String> ours = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    ours.putAll(own);
    authorization.ifPresent(value -> ours.put(AUTHORIZATION, value));
    if (id != null) {
      ours.put(SESSION, id);
    }
    Exchange exchange =
        web.exchange(new Ask(method, target, headers, ours, body, within), watch.beforeSending());
    watch.begun().accept(exchange);
    return exchange.send();
  }
}
