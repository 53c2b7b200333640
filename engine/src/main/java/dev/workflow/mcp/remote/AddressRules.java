package dev.workflow.mcp.remote;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Which addresses an entry of a server, and whatever that server sends us to, may lead to.
 *
 * @param host that the entry itself names
 * @param own whether the entry is the user's own, so that the host it names may be a private one
 * @param privateAllowed whether the entry allows private networks and this machine
 */
public record AddressRules(String host, boolean own, boolean privateAllowed) {
  /** Names that no public server has. */
  private static final List<String> LOCAL_NAMES =
      List.of("localhost", "local", "internal", "lan", "home.arpa", "localdomain");

  /** Where a machine of a cloud gets its credentials. */
  private static final String METADATA_NAME = "metadata.google.internal";

  private static final String HINT =
      "; \"allowPrivateNetwork\": true in its entry allows private networks";

  public AddressRules {
    host = bare(host);
  }

  /** A host as it is compared: in lower case, without brackets and the dot of the root. */
  private static String bare(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    if (lower.startsWith("[") && lower.endsWith("]")) {
      return lower.substring(1, lower.length() - 1);
    }
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  /** The rules for an entry that names this address. */
  public static AddressRules of(URI named, boolean own, boolean privateAllowed) {
    return new AddressRules(host(named), own, privateAllowed);
  }

  /** The host of an address without brackets, in lower case. */
  static String host(URI url) {
    String host = Objects.requireNonNullElse(url.getHost(), "").toLowerCase(Locale.ROOT);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /**
   * The addresses of a host, all of which are allowed.
   *
   * @throws Refused when one of them is not: a name may not lead to both
   */
  InetAddress[] admit(String name, boolean encrypted, InetAddress[] addresses) throws Refused {
    for (InetAddress address : addresses) {
      admit(name, encrypted, Reach.of(address), " (" + address.getHostAddress() + ")");
    }
    return addresses;
  }

  /**
   * Judges a host that a proxy will look up.
   *
   * @throws Refused for an address that is written out and not allowed, and for names that are
   *     never public
   */
  void admitUnresolved(String name, boolean encrypted) throws Refused {
    String bare = bare(name);
    Reach reach = Reach.ofLiteral(bare).orElseGet(() -> byName(bare));
    admit(name, encrypted, reach, " (a proxy would look it up)");
  }

  /** Of a bare name. */
  private static Reach byName(String name) {
    if (name.equals(METADATA_NAME)) {
      return Reach.METADATA;
    }
    if (isLoopbackName(name)) {
      return Reach.LOOPBACK;
    }
    boolean local =
        !name.contains(".") || LOCAL_NAMES.stream().anyMatch(it -> name.endsWith("." + it));
    return local ? Reach.PRIVATE : Reach.PUBLIC;
  }

  private void admit(String name, boolean encrypted, Reach reach, String found) throws Refused {
    String bare = bare(name);
    boolean named = bare.equals(host);
    boolean allowed =
        switch (reach) {
          case PUBLIC -> true;
          case LOOPBACK ->
              privateAllowed || (own && named) || (isLoopback(host) && isLoopback(bare));
          case PRIVATE -> privateAllowed || (own && named);
          case LINK_LOCAL -> privateAllowed && named && Reach.ofLiteral(bare).isPresent();
          case METADATA, SPECIAL -> false;
        };
    if (!allowed) {
      boolean helps = reach == Reach.LOOPBACK || reach == Reach.PRIVATE;
      throw new Refused(name + " is a " + reach.word() + " address" + found + (helps ? HINT : ""));
    }
    if (!encrypted && reach == Reach.PUBLIC) {
      throw new Refused(name + " is a public address" + found + "; only https is spoken there");
    }
  }

  /** Whether a host as it is written means this machine. */
  static boolean isLoopback(String host) {
    return isLoopbackName(host)
        || Reach.ofLiteral(host).filter(reach -> reach == Reach.LOOPBACK).isPresent();
  }

  private static boolean isLoopbackName(String host) {
    String lower = host.toLowerCase(Locale.ROOT);
    return lower.equals("localhost") || lower.endsWith(".localhost");
  }
}
