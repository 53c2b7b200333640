package dev.workflow.mcp.remote;

import inet.ipaddr.IPAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The proxies that an environment names; holds passwords: never print it. */
public final class Proxies {
  /** The variables, in either case of letters; the lower case wins as elsewhere. */
  public static final Set<String> VARIABLES =
      Set.of("http_proxy", "https_proxy", "all_proxy", "no_proxy");

  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int SOCKS_PORT = 1080;

  private final Map<String, String> environment;

  /**
   * Proxies for one server.
   *
   * @param environment in which the variables are looked up
   */
  public Proxies(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** One proxy; {@code user} and {@code password} are for it alone. */
  record Proxy(boolean socks, String host, int port, String user, String password) {
    @Override
    public String toString() {
      return (socks ? "socks5://" : "http://") + host + ":" + port;
    }
  }

  /** Whether a name is one of the variables. */
  public static boolean isVariable(String name) {
    return VARIABLES.contains(name.toLowerCase(Locale.ROOT));
  }

  /** Users and passwords that stand in the proxies' addresses, as written and as meant. */
  public Set<String> secrets() {
    Set<String> secrets = new LinkedHashSet<>();
    for (String name : VARIABLES) {
      String user = rawUser(variable(name));
      if (!user.isEmpty()) {
        secrets.add(user);
        secrets.add(decoded(user));
        Stream.of(user.split(":", 2)).skip(1).forEach(it -> secrets.addAll(both(it)));
      }
    }
    secrets.remove("");
    return secrets;
  }

  private static Set<String> both(String text) {
    return new LinkedHashSet<>(List.of(text, decoded(text)));
  }

  /**
   * The proxy for an address; empty: none, as for all of this machine.
   *
   * @throws Refused when the variable makes no sense
   */
  Optional<Proxy> of(URI target) throws Refused {
    String host = AddressRules.host(target);
    boolean encrypted = "https".equalsIgnoreCase(target.getScheme());
    int port = target.getPort() >= 0 ? target.getPort() : encrypted ? HTTPS_PORT : HTTP_PORT;
    if (AddressRules.isLoopback(host) || isExcepted(host, port)) {
      return Optional.empty();
    }
    String name = encrypted ? "https_proxy" : "http_proxy";
    String own = variable(name);
    String value = own.isEmpty() ? variable("all_proxy") : own;
    return value.isEmpty()
        ? Optional.empty()
        : Optional.of(parsed(own.isEmpty() ? "all_proxy" : name, value));
  }

  private String variable(String name) {
    String lower = environment.getOrDefault(name, "");
    String found =
        lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
    return found.strip();
  }

  private static Proxy parsed(String variable, String value) throws Refused {
    String whole = value.contains("://") ? value : "http://" + value;
    try {
      URI url = URI.create(whole);
      String scheme = url.getScheme().toLowerCase(Locale.ROOT);
      boolean socks = scheme.equals("socks5") || scheme.equals("socks5h") || scheme.equals("socks");
      String user = rawUser(whole);
      if (url.getHost() != null && (scheme.equals("http") || (socks && user.isEmpty()))) {
        int port = url.getPort() >= 0 ? url.getPort() : socks ? SOCKS_PORT : HTTP_PORT;
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        String password = colon < 0 ? "" : user.substring(colon + 1);
        return new Proxy(socks, AddressRules.host(url), port, decoded(name), decoded(password));
      }
    } catch (IllegalArgumentException e) {
      // told below, without the text: it may hold a password
    }
    throw new Refused(
        "the variable "
            + variable
            + " names no proxy that can be used; expected http://[USER:PASSWORD@]HOST[:PORT] or"
            + " socks5://HOST[:PORT]");
  }

  private static String rawUser(String value) {
    int start = value.indexOf("://") < 0 ? 0 : value.indexOf("://") + 3;
    int slash = value.indexOf('/', start);
    int at = value.lastIndexOf('@', slash < 0 ? value.length() : slash);
    return at > start ? value.substring(start, at) : "";
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private boolean isExcepted(String host, int port) {
    for (String each : SEPARATOR.splitAsStream(variable("no_proxy")).toList()) {
      String exception = each.toLowerCase(Locale.ROOT);
      if (!exception.isEmpty() && isExcepted(exception, host, port)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isExcepted(String exception, String host, int port) {
    if (exception.equals("*")) {
      return true;
    }
    IPAddress network = Reach.parsed(exception);
    if (network != null) {
      IPAddress address = Reach.parsed(host);
      return address != null && network.toPrefixBlock().contains(address);
    }
    int colon = exception.lastIndexOf(':');
    if (colon > 0) {
      return exception.substring(colon + 1).equals(String.valueOf(port))
          && isExcepted(exception.substring(0, colon), host, port);
    }
    String name = exception.startsWith("*.") ? exception.substring(2) : exception;
    String bare = name.startsWith(".") ? name.substring(1) : name;
    return host.equals(bare) || host.endsWith("." + bare);
  }
}
