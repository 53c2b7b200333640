package dev.workflow.mcp;

import dev.workflow.mcp.remote.Reply;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/** An answer with a status that is none of success. */
final class HttpRefusal extends IOException {
  private static final long serialVersionUID = 1L;
  private static final int BEGINNING_BYTES = 2_000;
  private static final int SAID_CHARS = 300;
  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Cntrl}]+");

  private final int status;
  private final String said;

  private HttpRefusal(int status, String said) {
    super("HTTP status " + status);
    this.status = status;
    this.said = said;
  }

  /** Reads the beginning of what the server says about it; of a page for people only its type. */
  static HttpRefusal of(Reply reply) {
    String type = reply.mediaType();
    boolean readable = type.equals("text/plain") || type.endsWith("json");
    String text = readable ? reply.beginning(BEGINNING_BYTES) : "";
    String words = BLANKS.matcher(text).replaceAll(" ").strip();
    String said = words.isEmpty() && !type.isEmpty() ? "a page of " + type : words;
    String later = reply.header("Retry-After").map(it -> "retry after " + it + "; ").orElse("");
    return new HttpRefusal(reply.status(), Failures.cut(later + said, SAID_CHARS));
  }

  int status() {
    return status;
  }

  /** What the server says about it; empty when it says nothing. */
  Optional<String> said() {
    return said.isEmpty() ? Optional.empty() : Optional.of("server: " + said);
  }

  /** Whether nothing was done: the request was refused as such. */
  boolean isOfRequest() {
    return status < 500;
  }
}
