package dev.workflow.mcp.oauth;

import dev.workflow.mcp.remote.Ask;
import dev.workflow.mcp.remote.Reply;
import dev.workflow.mcp.remote.Web;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/**
 * The requests of this package. Each ends in time, takes a bounded answer, and goes only where the
 * network lets it; only what is read follows redirects, as what is posted is secret.
 */
final class Http {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int MAX_BYTES = 1 << 20;
  private static final Map<String, String> ACCEPT = Map.of("Accept", "application/json");

  private final Network network;
  private final Duration timeout;

  Http(Network network) {
    this(network, TIMEOUT);
  }

  Http(Network network, Duration timeout) {
    this.network = network;
    this.timeout = timeout;
  }

  /**
   * An answer, whatever its status.
   *
   * @param json its body; missing where that is no JSON
   */
  record Answer(int status, JsonNode json) {
    boolean isGood() {
      return status >= 200 && status < 300;
    }
  }

  /** Reads what stands at an address. */
  Answer get(URI address) throws IOException {
    try (Web web = network.open()) {
      return send(web, new Ask("GET", address, ACCEPT, Map.of(), null, timeout));
    }
  }

  /** Posts a form (RFC 6749 appendix B). */
  Answer post(URI address, Map<String, String> form, Map<String, String> headers)
      throws IOException {
    String body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return post(address, "application/x-www-form-urlencoded", body, headers);
  }

  Answer post(URI address, JsonNode json) throws IOException {
    return post(address, "application/json", json.toString(), Map.of());
  }

  private Answer post(URI address, String type, String body, Map<String, String> headers)
      throws IOException {
    Map<String, String> own = new LinkedHashMap<>(headers);
    own.put("Content-Type", type);
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try (Web web = network.open()) {
      return send(web.direct(), new Ask("POST", address, ACCEPT, own, bytes, timeout));
    }
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Answer send(Web web, Ask ask) throws IOException {
    try (Reply reply = web.send(ask)) {
      String body = new String(reply.bytes(MAX_BYTES), StandardCharsets.UTF_8);
      return new Answer(reply.status(), read(body));
    }
  }

  private static JsonNode read(String body) {
    try {
      return JsonMapper.shared().readTree(body);
    } catch (JacksonException noJson) {
      return MissingNode.getInstance();
    }
  }
}
