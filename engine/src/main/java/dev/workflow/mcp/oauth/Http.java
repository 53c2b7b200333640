package dev.workflow.mcp.oauth;

import dev.workflow.definition.Durations;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  private static final int MAX_REDIRECTS = 3;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

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
    List<URI> way = new ArrayList<>(List.of(address));
    while (true) {
      URI next = way.getLast();
      HttpResponse<String> answer =
          send(HttpRequest.newBuilder(next).header("Accept", "application/json"), next);
      String location = answer.headers().firstValue("Location").orElse("");
      if (!REDIRECTS.contains(answer.statusCode()) || location.isEmpty()) {
        return answer(answer);
      }
      if (way.size() > MAX_REDIRECTS) {
        throw new IOException("more than " + MAX_REDIRECTS + " redirects: " + shown(way));
      }
      way.add(next.resolve(Address.of(location)));
    }
  }

  private static String shown(List<URI> way) {
    return way.stream().map(Address::shown).collect(Collectors.joining(", then "));
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
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Accept", "application/json")
            .header("Content-Type", type)
            .POST(BodyPublishers.ofString(body));
    headers.forEach(request::setHeader);
    return answer(send(request, address));
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Answer answer(HttpResponse<String> response) {
    try {
      JsonNode json = JsonMapper.shared().readTree(response.body());
      return new Answer(response.statusCode(), json);
    } catch (JacksonException noJson) {
      return new Answer(response.statusCode(), MissingNode.getInstance());
    }
  }

  private HttpResponse<String> send(HttpRequest.Builder request, URI address) throws IOException {
    CompletableFuture<HttpResponse<String>> answer =
        network.to(address).sendAsync(request.build(), info -> new BoundedBody(MAX_BYTES));
    try {
      return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException("no answer within " + Durations.text(timeout), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String message = cause.getMessage();
      throw new IOException(message == null ? "it cannot be reached" : message, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
