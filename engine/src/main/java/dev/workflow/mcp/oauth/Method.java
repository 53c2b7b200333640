package dev.workflow.mcp.oauth;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a client proves at a token endpoint who it is. */
enum Method {
  NONE,
  CLIENT_SECRET_BASIC,
  CLIENT_SECRET_POST,
  PRIVATE_KEY_JWT;

  /** As metadata name it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Method> of(String word) {
    for (Method method : values()) {
      if (method.word().equals(word)) {
        return Optional.of(method);
      }
    }
    return Optional.empty();
  }

  /**
   * The one for a client with this secret.
   *
   * @param known what the server knows; empty: it does not say, which means Basic (RFC 8414)
   */
  static Method with(@Nullable String secret, Set<String> known) {
    if (secret == null) {
      return NONE;
    }
    boolean basic = known.isEmpty() || known.contains(CLIENT_SECRET_BASIC.word());
    return basic || !known.contains(CLIENT_SECRET_POST.word())
        ? CLIENT_SECRET_BASIC
        : CLIENT_SECRET_POST;
  }
}
