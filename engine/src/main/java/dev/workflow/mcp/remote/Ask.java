package dev.workflow.mcp.remote;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param headers that any server may see
 * @param ownHeaders that only the origin of {@code url} may see, such as credentials
 * @param body absent or empty: none; its type stands in the headers
 * @param answerWithin until the answer's head is there and, after that, all of its body was read;
 *     absent: the caller ends it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared by value, and nobody changes it
public record Ask(
    String method,
    URI url,
    Map<String, String> headers,
    Map<String, String> ownHeaders,
    byte @Nullable [] body,
    @Nullable Duration answerWithin) {
  public Ask {
    headers = Map.copyOf(headers);
    ownHeaders = Map.copyOf(ownHeaders);
  }

  /** Holds credentials. */
  @Override
  public String toString() {
    return "Ask[" + method + " " + url.getHost() + "]";
  }
}
