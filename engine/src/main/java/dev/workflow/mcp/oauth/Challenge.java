package dev.workflow.mcp.oauth;

import dev.workflow.engine.Masking;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says when it refuses (RFC 6750 section 3, RFC 9728 section 5.1).
 *
 * @param error such as {@code insufficient_scope}
 * @param scopes that the request needs; empty: it does not say
 * @param resourceMetadata where it describes itself
 */
record Challenge(@Nullable String error, List<String> scopes, @Nullable String resourceMetadata) {
  static final Challenge NONE = new Challenge(null, List.of(), null);

  private static final String SCHEME = "bearer";
  private static final int CHARS = 8_192;

  Challenge {
    scopes = List.copyOf(scopes);
  }

  /** The first challenge of the scheme Bearer in these headers. */
  static Challenge of(List<String> headers) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String header : headers) {
      new Reader(header).into(found);
    }
    return new Challenge(
        found.get("error"), scopes(found.get("scope")), found.get("resource_metadata"));
  }

  /** Whether whoever refused wants to know who asks, but by no token. */
  static boolean isOfOthers(List<String> headers) {
    Map<String, String> found = new LinkedHashMap<>();
    return !headers.isEmpty()
        && headers.stream().noneMatch(header -> new Reader(header).into(found));
  }

  /** The same without secrets: a server may say a token that it got. */
  Challenge masked(Masking masking) {
    return new Challenge(
        error == null ? null : masking.text(error),
        scopes.stream().map(masking::text).toList(),
        resourceMetadata == null ? null : masking.text(resourceMetadata));
  }

  /** The scopes of a text that has blanks between them. */
  static List<String> scopes(@Nullable String text) {
    return text == null || text.isBlank()
        ? List.of()
        : Arrays.stream(text.strip().split("\\s+")).distinct().toList();
  }

  boolean isOfScope() {
    return "insufficient_scope".equals(error);
  }

  /** Reads {@code Scheme key=value, key="value", Scheme ...}. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String header) {
      this.text = header.length() > CHARS ? header.substring(0, CHARS) : header;
    }

    /** Whether there is a challenge of the scheme Bearer. */
    boolean into(Map<String, String> found) {
      boolean bearer = false;
      String scheme = "";
      while (at < text.length()) {
        skip(" \t,");
        String word = token();
        if (word.isEmpty()) {
          at++;
          continue;
        }
        skip(" \t");
        if (at < text.length() && text.charAt(at) == '=') {
          at++;
          skip(" \t");
          String value = value();
          if (scheme.equals(SCHEME)) {
            found.putIfAbsent(word.toLowerCase(Locale.ROOT), value);
          }
        } else {
          scheme = word.toLowerCase(Locale.ROOT);
          bearer |= scheme.equals(SCHEME);
        }
      }
      return bearer;
    }

    private void skip(String chars) {
      while (at < text.length() && chars.indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private String token() {
      int start = at;
      while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(start, at);
    }

    private String value() {
      if (at >= text.length() || text.charAt(at) != '"') {
        return token();
      }
      StringBuilder value = new StringBuilder();
      at++;
      while (at < text.length() && text.charAt(at) != '"') {
        if (text.charAt(at) == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(text.charAt(at++));
      }
      at++;
      return value.toString();
    }
  }
}
