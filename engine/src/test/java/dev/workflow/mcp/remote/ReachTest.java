package dev.workflow.mcp.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReachTest {
  @ParameterizedTest
  @CsvSource({
    "8.8.8.8, PUBLIC",
    "172.15.255.255, PUBLIC",
    "172.32.0.1, PUBLIC",
    "100.63.255.255, PUBLIC",
    "2606:4700::1111, PUBLIC",
    "64:ff9b::8.8.8.8, PUBLIC",
    "127.0.0.1, LOOPBACK",
    "127.255.255.254, LOOPBACK",
    "::1, LOOPBACK",
    "::ffff:127.0.0.1, LOOPBACK",
    "64:ff9b::127.0.0.1, LOOPBACK",
    "10.0.0.1, PRIVATE",
    "172.16.0.1, PRIVATE",
    "172.31.255.255, PRIVATE",
    "192.168.1.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "100.127.255.255, PRIVATE",
    "198.18.0.1, PRIVATE",
    "fc00::1, PRIVATE",
    "fdff::1, PRIVATE",
    "::ffff:10.0.0.1, PRIVATE",
    "64:ff9b::10.0.0.1, PRIVATE",
    "64:ff9b:1::1, PRIVATE",
    "169.254.1.1, LINK_LOCAL",
    "fe80::1, LINK_LOCAL",
    "fe80::1%1, LINK_LOCAL",
    "169.254.169.254, METADATA",
    "::ffff:169.254.169.254, METADATA",
    "64:ff9b::169.254.169.254, METADATA",
    "fd00:ec2::254, METADATA",
    "100.100.100.200, METADATA",
    "168.63.129.16, METADATA",
    "0.0.0.0, SPECIAL",
    "::, SPECIAL",
    "0.1.2.3, SPECIAL",
    "224.0.0.1, SPECIAL",
    "ff02::1, SPECIAL",
    "240.0.0.1, SPECIAL",
    "255.255.255.255, SPECIAL",
    "192.0.2.1, SPECIAL",
    "2001:db8::1, SPECIAL",
    "2002:7f00:1::, SPECIAL",
    "2002:a00:1::1, SPECIAL",
    "2001:0:1::1, SPECIAL",
    "::127.0.0.1, SPECIAL",
    "::10.0.0.1, SPECIAL",
  })
  void everyAddressSaysWhoCanBeReachedThere(String address, Reach reach)
      throws UnknownHostException {
    assertThat(Reach.of(InetAddress.getByName(address))).isEqualTo(reach);
    assertThat(Reach.ofLiteral(address)).contains(reach);
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "example.com", "", "*", "a", "10.0.0.0/8", "1-9.2.3.4"})
  void whatIsNoSingleAddressIsNone(String text) {
    assertThat(Reach.ofLiteral(text)).isEmpty();
  }

  @Test
  void bracketsDoNotHideAnAddress() {
    assertThat(Reach.ofLiteral("[::1]")).contains(Reach.LOOPBACK);
  }
}
