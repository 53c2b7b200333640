package dev.workflow.mcp;

import dev.workflow.mcp.remote.Reply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** An answer with a status that is none of success. */
final class HttpRefusal extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int BEGINNING_BYTES = 2_000;
  private static final int SAID_CHARS = 300;
  private static final Set<Integer> BUSY = Set.of(429, 503);
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_IMPLEMENTED = 501;
  private static final Duration NONE = Duration.ZERO;
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

  private final int status;
  private final String said;
  private final Duration retryAfter;
  private final String credentials;

  private HttpRefusal(int status, String said, Duration retryAfter, String credentials) {
    super("HTTP status " + status);
    this.status = status;
    this.said = said;
    this.retryAfter = retryAfter;
    this.credentials = credentials;
  }

  /**
   * Reads the beginning of what the server says about it; of a page for people only its type.
   *
   * @param credentials that the entry itself brought, in words; empty: none
   */
  static HttpRefusal of(Reply reply, String credentials) {
    String type = reply.mediaType();
    boolean readable = type.equals("text/plain") || type.endsWith("json");
    String text = readable ? reply.beginning(BEGINNING_BYTES) : "";
    String words = BLANKS.matcher(text).replaceAll(" ").strip();
    String said = words.isEmpty() && !type.isEmpty() ? "a page of " + type : words;
    Optional<String> after = reply.header("Retry-After");
    String later = after.map(it -> "retry after " + it + "; ").orElse("");
    Duration rest =
        BUSY.contains(reply.status()) ? after.map(HttpRefusal::time).orElse(NONE) : NONE;
    return new HttpRefusal(
        reply.status(), Failures.cut(later + said, SAID_CHARS), rest, credentials);
  }

  /** What the server did not take, if it was that. */
  String advice() {
    return status == UNAUTHORIZED && !credentials.isEmpty()
        ? "it does not take " + credentials
        : "check the headers of its entry";
  }

  /** A number of seconds, or a date (RFC 9110 section 10.2.3). */
  private static Duration time(String after) {
    Duration wanted;
    try {
      wanted =
          SECONDS.matcher(after).matches()
              ? Duration.ofSeconds(Long.parseLong(after))
              : Duration.between(
                  Instant.now(),
                  ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException noTime) {
      return NONE;
    }
    Duration rest = wanted.isNegative() ? NONE : wanted;
    return rest.compareTo(LONGEST) > 0 ? LONGEST : rest;
  }

  int status() {
    return status;
  }

  /** What the server says about it; empty when it says nothing. */
  Optional<String> said() {
    return said.isEmpty() ? Optional.empty() : Optional.of("server: " + said);
  }

  /** How long the server, which has too much to do, asks to be left alone: five minutes at most. */
  Duration retryAfter() {
    return retryAfter;
  }

  /** Whether the same request may be answered in a while. */
  boolean mayPass() {
    return BUSY.contains(status) || (status >= 500 && status != NOT_IMPLEMENTED);
  }

  /** Whether nothing was done: the request was refused as such. */
  boolean isOfRequest() {
    return status < 500;
  }
}
