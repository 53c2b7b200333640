package dev.workflow.mcp.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * HTTP on behalf of one entry. Every address is judged by the entry's rules, also those that
 * redirects lead to, and what was judged is what is connected to. Blocks its caller, who is best a
 * virtual thread.
 */
public final class Web implements AutoCloseable {
  private static final int MAX_REDIRECTS = 5;
  private static final Set<Integer> KEEP_METHOD = Set.of(307, 308);
  private static final Set<Integer> BECOME_GET = Set.of(301, 302, 303);

  private final AddressRules rules;
  private final Proxies proxies;
  private final Lanes lanes;
  private final boolean follows;

  /** For one entry. */
  public Web(AddressRules rules, Proxies proxies) {
    this(rules, proxies, new Lanes(rules, InetAddress::getAllByName, null), true);
  }

  Web(AddressRules rules, Proxies proxies, Lanes lanes) {
    this(rules, proxies, lanes, true);
  }

  private Web(AddressRules rules, Proxies proxies, Lanes lanes, boolean follows) {
    this.rules = rules;
    this.proxies = proxies;
    this.lanes = lanes;
    this.follows = follows;
  }

  /** The same without redirects: they are answers, too, and what is sent goes nowhere else. */
  public Web direct() {
    return new Web(rules, proxies, lanes, false);
  }

  /**
   * A request that can be ended by another thread than the one that sends it.
   *
   * @param beforeSending runs when a connection stands and the request's first byte is about to go
   *     out, with each redirect again; what it throws ends the request
   */
  public Exchange exchange(Ask ask, Runnable beforeSending) {
    return new Exchange(this, ask, beforeSending);
  }

  /**
   * Sends a request and follows redirects, five at most. A change of origin drops what is for the
   * first one alone; only 307 and 308 keep a method other than GET.
   *
   * @throws Refused for an address or a redirect that is not allowed
   * @throws IOException when it cannot be sent, or the answer does not come
   */
  public Reply send(Ask ask) throws IOException {
    return exchange(ask, () -> {}).send();
  }

  Reply follow(Exchange exchange, Ask first) throws IOException {
    List<URI> chain = new ArrayList<>(List.of(first.url()));
    Ask ask = first;
    while (true) {
      Reply reply = once(exchange, ask);
      Optional<URI> next;
      try {
        next = target(reply, ask);
      } catch (Refused e) {
        reply.close();
        throw e;
      }
      if (next.isEmpty()) {
        return reply;
      }
      reply.leave();
      chain.add(next.get());
      ask = redirected(ask, reply.status(), next.get(), chain);
    }
  }

  private Reply once(Exchange exchange, Ask ask) throws IOException {
    URI url = ask.url();
    String scheme = url.getScheme() == null ? "" : url.getScheme();
    if (AddressRules.host(url).isEmpty() || !scheme.matches("(?i)https?")) {
      throw new Refused("expected an http or https address, found " + shown(url));
    }
    boolean encrypted = scheme.equalsIgnoreCase("https");
    Optional<Proxies.Proxy> proxy = proxies.of(url);
    if (proxy.isPresent() && !proxy.get().socks()) {
      rules.admitUnresolved(AddressRules.host(url), encrypted);
    }
    return exchange.over(lanes.lane(encrypted, proxy.orElse(null)), ask);
  }

  private Optional<URI> target(Reply reply, Ask ask) throws Refused {
    boolean redirects =
        follows && (KEEP_METHOD.contains(reply.status()) || BECOME_GET.contains(reply.status()));
    Optional<String> location = redirects ? reply.header("Location") : Optional.empty();
    if (location.isEmpty()) {
      return Optional.empty();
    }
    try {
      URI next = ask.url().resolve(location.get().strip());
      if (next.getHost() != null) {
        return Optional.of(withoutUser(next));
      }
    } catch (IllegalArgumentException e) {
      // told below, without the text
    }
    throw new Refused(shown(ask.url()) + " redirects to what is no address");
  }

  private static Ask redirected(Ask ask, int status, URI next, List<URI> chain) throws Refused {
    String way = String.join(" -> ", chain.stream().map(Web::shown).toList());
    if (chain.subList(0, chain.size() - 1).contains(next)) {
      throw new Refused("it redirects in a circle: " + way);
    }
    if (chain.size() > MAX_REDIRECTS + 1) {
      throw new Refused("it redirects more than " + MAX_REDIRECTS + " times: " + way);
    }
    if ("https".equalsIgnoreCase(ask.url().getScheme())
        && !"https".equalsIgnoreCase(next.getScheme())) {
      throw new Refused("it redirects from https to http: " + way);
    }
    if (!KEEP_METHOD.contains(status) && !ask.method().equals("GET")) {
      throw new Refused(
          "it redirects a " + ask.method() + " with HTTP " + status + ", which drops it: " + way);
    }
    boolean same = origin(ask.url()).equals(origin(next));
    return new Ask(
        ask.method(),
        next,
        ask.headers(),
        same ? ask.ownHeaders() : Map.of(),
        ask.body(),
        ask.answerWithin());
  }

  /** Scheme, host and port. */
  public static String origin(URI url) {
    boolean encrypted = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() >= 0 ? url.getPort() : encrypted ? 443 : 80;
    return (encrypted ? "https://" : "http://") + AddressRules.host(url) + ":" + port;
  }

  /** Scheme, host and port as they are written, for people. */
  public static String shownOrigin(URI url) {
    return url.getScheme() + "://" + url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
  }

  /** What is sent of an address: neither user and password, which are headers, nor a fragment. */
  static URI withoutUser(URI url) {
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    return URI.create(shown(url) + query);
  }

  /** An address for people, without what may be a secret in it. */
  static String shown(URI url) {
    return shownOrigin(url) + (url.getRawPath() == null ? "" : url.getRawPath());
  }

  @Override
  public void close() {
    lanes.close();
  }
}
