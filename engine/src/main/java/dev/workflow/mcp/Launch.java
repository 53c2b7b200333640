package dev.workflow.mcp;

import dev.workflow.engine.Canonical;
import dev.workflow.mcp.oauth.ClientSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What it takes to reach one server, with every variable expanded. Two entries with the same launch
 * share one client, whatever their aliases. Holds secrets: never print it.
 */
sealed interface Launch {

  /** A child process that speaks newline-delimited JSON on its standard streams. */
  record Stdio(List<String> command, Map<String, String> env, Path cwd) implements Launch {
    public Stdio {
      command = List.copyOf(command);
      env = Map.copyOf(env);
      if (command.isEmpty()) {
        throw new IllegalArgumentException("a stdio server needs a command");
      }
    }

    @Override
    public String toString() {
      return "Stdio[" + command.getFirst() + ", " + (command.size() - 1) + " arguments]";
    }
  }

  /**
   * A server behind a URL.
   *
   * @param own whether the entry is the user's own, which may name a private address
   * @param privateAllowed whether it allows private networks
   * @param proxies the variables that name proxies, by name
   * @param client that we are to its authorization server
   */
  record Http(
      URI url,
      Map<String, String> headers,
      HttpDialect dialect,
      boolean own,
      boolean privateAllowed,
      Map<String, String> proxies,
      ClientSettings client)
      implements Launch {
    public Http {
      headers = Map.copyOf(headers);
      proxies = Map.copyOf(proxies);
    }

    /** The same server, when it is known to speak nothing newer. */
    Http older() {
      return new Http(url, headers, HttpDialect.SSE, own, privateAllowed, proxies, client);
    }

    /** What its entry itself says of who asks, in words; empty: nothing. */
    Optional<String> ownCredentials() {
      return Launch.ownCredentials(headers, url.getUserInfo() != null);
    }

    @Override
    public String toString() {
      return "Http[" + url.getHost() + "]";
    }
  }

  /**
   * What an entry itself says of who asks, in words; empty: nothing.
   *
   * @param named whether its address has a user and a password
   */
  static Optional<String> ownCredentials(Map<String, String> headers, boolean named) {
    if (headers.keySet().stream().anyMatch("authorization"::equalsIgnoreCase)) {
      return Optional.of("the header Authorization of its entry");
    }
    return named
        ? Optional.of("the user and password in the address of its entry")
        : Optional.empty();
  }

  /** The launch key: equal for equal launches, and safe to use as a file name. */
  default String key() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    ObjectNode node = json.objectNode();
    switch (this) {
      case Stdio stdio -> {
        stdio.command().forEach(node.putArray("command")::add);
        new TreeMap<>(stdio.env()).forEach(node.putObject("env")::put);
        node.put("cwd", stdio.cwd().toString());
      }
      case Http http -> {
        node.put("url", http.url().toString());
        new TreeMap<>(http.headers()).forEach(node.putObject("headers")::put);
        node.put("dialect", http.dialect().name());
        node.put("own", http.own()).put("private", http.privateAllowed());
        new TreeMap<>(http.proxies()).forEach(node.putObject("proxies")::put);
        if (!http.client().key().isEmpty()) {
          node.put("client", http.client().key());
        }
      }
    }
    return Canonical.hash(node);
  }
}
