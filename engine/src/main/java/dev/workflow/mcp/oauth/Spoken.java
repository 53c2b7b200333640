package dev.workflow.mcp.oauth;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The secrets that this process has seen: no output may hold one. */
final class Spoken {
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  void learn(@Nullable String secret) {
    if (secret != null && !secret.isBlank()) {
      secrets.add(secret);
    }
  }

  void learn(Tokens tokens) {
    learn(tokens.access());
    learn(tokens.refresh());
  }

  void learn(Kept kept) {
    if (kept.login() != null) {
      learn(kept.login().tokens());
      learn(kept.login().client().secret());
    }
  }

  Set<String> all() {
    return Set.copyOf(secrets);
  }
}
