package dev.workflow.mcp.oauth;

import org.jspecify.annotations.Nullable;

/** As which client we are known at an authorization server. Holds a secret: never print it. */
record Identity(String id, @Nullable String secret, Method method) {
  @Override
  public String toString() {
    return "Identity[" + id + ", " + method.word() + "]";
  }
}
