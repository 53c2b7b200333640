package dev.workflow.mcp.remote;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who can be reached at an address. */
enum Reach {
  /** Anybody's machine in the internet. */
  PUBLIC("public"),
  /** This machine. */
  LOOPBACK("loopback"),
  /** A network behind a router: private, unique local, carrier-grade NAT, benchmarks. */
  PRIVATE("private"),
  /** Whoever is on the same wire. */
  LINK_LOCAL("link-local"),
  /** The services that give a machine of a cloud its credentials. */
  METADATA("cloud metadata"),
  /** No machine, or one that the address does not tell: multicast, reserved, tunnels. */
  SPECIAL("special");

  /** Without it a lone {@code *} and an empty text would be addresses, too. */
  private static final IPAddressStringParameters SYNTAX =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowWildcardedSeparator(false)
          .toParams();

  /** The first match counts. */
  private static final List<Block> BLOCKS =
      List.of(
          new Block(METADATA, "169.254.169.254", "169.254.170.2", "169.254.170.23"),
          new Block(METADATA, "100.100.100.200", "168.63.129.16", "192.0.0.192"),
          new Block(METADATA, "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"),
          new Block(LOOPBACK, "127.0.0.0/8", "::1"),
          new Block(PRIVATE, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"),
          new Block(PRIVATE, "100.64.0.0/10", "198.18.0.0/15", "fc00::/7", "fec0::/10"),
          new Block(PRIVATE, "64:ff9b:1::/48"),
          new Block(LINK_LOCAL, "169.254.0.0/16", "fe80::/10"),
          new Block(SPECIAL, "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24"),
          new Block(SPECIAL, "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
          new Block(SPECIAL, "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),
          new Block(PUBLIC, "0.0.0.0/0", "2000::/3"));

  /** Where a translator of an IPv6-only network puts the addresses of IPv4. */
  private static final IPAddress TRANSLATED = address("64:ff9b::/96");

  private final String word;

  Reach(String word) {
    this.word = word;
  }

  private record Block(Reach reach, List<IPAddress> networks) {
    Block(Reach reach, String... networks) {
      this(reach, List.of(networks).stream().map(Reach::address).toList());
    }

    boolean holds(IPAddress address) {
      return networks.stream().anyMatch(network -> network.contains(address));
    }
  }

  private static IPAddress address(String text) {
    return Objects.requireNonNull(parsed(text)).toPrefixBlock();
  }

  /** The address or network that a text is; null when it is something else, such as a name. */
  static @Nullable IPAddress parsed(String text) {
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String bare = bracketed ? text.substring(1, text.length() - 1) : text;
    return new IPAddressString(bare, SYNTAX).getAddress();
  }

  /** As messages call it. */
  String word() {
    return word;
  }

  static Reach of(InetAddress address) {
    return of(address.getAddress());
  }

  /** The bytes leave out the zone of an IPv6 address, which would match nothing. */
  private static Reach of(byte[] bytes) {
    IPAddress address = new IPAddressGenerator().from(bytes);
    if (address.isIPv6() && (TRANSLATED.contains(address) || address.toIPv6().isIPv4Mapped())) {
      return of(address.toIPv6().getEmbeddedIPv4Address().getBytes());
    }
    return BLOCKS.stream()
        .filter(block -> block.holds(address))
        .findFirst()
        .map(Block::reach)
        .orElse(SPECIAL);
  }

  /** Of an address that is written out as such, with or without brackets; empty for a name. */
  static Optional<Reach> ofLiteral(String host) {
    IPAddress address = parsed(host);
    return address == null || address.isMultiple()
        ? Optional.empty()
        : Optional.of(of(address.getBytes()));
  }
}
