package dev.workflow.mcp.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  private static @Nullable String verdict(AddressRules rules, String url, String... resolved)
      throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[resolved.length];
    for (int i = 0; i < resolved.length; i++) {
      addresses[i] = InetAddress.getByName(resolved[i]);
    }
    URI address = URI.create(url);
    Throwable refused =
        catchThrowable(
            () ->
                rules.admit(
                    AddressRules.host(address), address.getScheme().equals("https"), addresses));
    return refused == null ? null : String.valueOf(refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    // entry, own, allowed, target, its address, whether it may be reached
    "https://a.com, false, false, https://a.com, 8.8.8.8, true",
    "https://a.com, false, false, http://a.com, 8.8.8.8, false",
    "https://a.com, false, false, https://a.com, 10.0.0.1, false",
    "https://a.com, false, false, https://a.com, 127.0.0.1, false",
    "https://a.com, false, false, https://b.com, 8.8.8.8, true",
    "https://a.com, false, false, https://b.com, 192.168.0.1, false",
    "https://a.com, false, false, http://localhost, 127.0.0.1, false",
    "https://a.com, false, true, https://a.com, 10.0.0.1, true",
    "https://a.com, false, true, http://a.com, 10.0.0.1, true",
    "https://a.com, false, true, http://a.com, 8.8.8.8, false",
    "https://a.com, false, true, https://a.com, 169.254.169.254, false",
    "https://a.com, false, true, https://a.com, 169.254.1.1, false",
    "http://169.254.1.1, false, true, http://169.254.1.1, 169.254.1.1, true",
    "http://169.254.1.1, true, false, http://169.254.1.1, 169.254.1.1, false",
    "http://169.254.169.254, true, true, http://169.254.169.254, 169.254.169.254, false",
    // the user's own entries name what they like, but lead nowhere else
    "https://a.com, true, false, https://a.com, 10.0.0.1, true",
    "http://nas, true, false, http://nas, 192.168.0.9, true",
    "http://nas, true, false, http://nas, 8.8.8.8, false",
    "http://nas, true, false, http://other, 192.168.0.9, false",
    "https://a.com, true, false, https://b.com, 10.0.0.1, false",
    // this machine, as the entry itself writes it
    "http://localhost:3000, false, false, http://localhost:3000, 127.0.0.1, true",
    "http://localhost:3000, false, false, http://localhost:4000, ::1, true",
    "http://localhost:3000, false, false, http://127.0.0.1:4000, 127.0.0.1, true",
    "http://[::1]:3000, false, false, http://[::1]:3000, ::1, true",
    "http://app.localhost, false, false, http://app.localhost, 127.0.0.1, true",
    "http://app.localhost, false, false, http://app.localhost, 10.0.0.1, false",
    "http://localhost:3000, false, false, http://evil.com, 127.0.0.1, false",
    "http://localhost:3000, false, false, http://10.0.0.1, 10.0.0.1, false",
    "http://rebind.com, false, false, http://rebind.com, 127.0.0.1, false",
    // what the address says is not all that it does
    "https://a.com, true, true, https://a.com, 0.0.0.0, false",
    "https://a.com, true, true, https://a.com, 224.0.0.1, false",
    "https://a.com, false, false, https://a.com, 2002:a00:1::1, false",
  })
  void anEntryLeadsWhereItsRulesAllow(
      String entry, boolean own, boolean allowed, String target, String address, boolean admitted)
      throws UnknownHostException {
    AddressRules rules = AddressRules.of(URI.create(entry), own, allowed);
    assertThat(verdict(rules, target, address) == null).isEqualTo(admitted);
  }

  @Test
  void everyAddressOfANameMustPass() throws UnknownHostException {
    AddressRules rules = AddressRules.of(URI.create("https://a.com"), false, false);
    assertThat(verdict(rules, "https://a.com", "8.8.8.8", "10.0.0.1"))
        .isEqualTo(
            "a.com is a private address (10.0.0.1); \"allowPrivateNetwork\": true in its entry"
                + " allows private networks");
  }

  @Test
  void whatNothingAllowsIsToldWithoutAHint() throws UnknownHostException {
    AddressRules rules = AddressRules.of(URI.create("https://a.com"), true, true);
    assertThat(verdict(rules, "https://a.com", "169.254.169.254"))
        .isEqualTo("a.com is a cloud metadata address (169.254.169.254)");
    assertThat(verdict(rules, "http://a.com", "8.8.8.8"))
        .isEqualTo("a.com is a public address (8.8.8.8); only https is spoken there");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com, true",
    "http://example.com, false",
    "https://10.0.0.1, false",
    "https://2130706433, false",
    "https://0x7f000001, false",
    "https://[::ffff:169.254.169.254], false",
    "https://metadata.google.internal, false",
    "https://metadata.google.internal., false",
    "https://localhost., false",
    "https://app.localhost., false",
    "https://10.0.0.1., false",
    "https://example.com., true",
    "https://printer.local, false",
    "https://intranet, false",
    "https://localhost, false",
  })
  void behindAProxyAHostIsJudgedByItsNameAlone(String target, boolean admitted) {
    AddressRules rules = AddressRules.of(URI.create("https://a.com"), false, false);
    URI url = URI.create(target);
    Throwable refused =
        catchThrowable(
            () -> rules.admitUnresolved(AddressRules.host(url), url.getScheme().equals("https")));
    assertThat(refused == null).isEqualTo(admitted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"metadata.google.internal", "Metadata.Google.Internal."})
  void noEntryAllowsTheMetadataOfACloudByItsName(String name) {
    AddressRules rules = AddressRules.of(URI.create("https://" + name), true, true);
    assertThat(catchThrowable(() -> rules.admitUnresolved(name, true)))
        .hasMessage(name + " is a cloud metadata address (a proxy would look it up)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fd00::1", "[fd00::1]"})
  void anAddressIsTheSameWithAndWithoutBrackets(String name) throws UnknownHostException {
    AddressRules rules = AddressRules.of(URI.create("https://[fd00::1]"), true, false);
    InetAddress[] addresses = {InetAddress.getByName("fd00::1")};
    assertThat(rules.admit(name, true, addresses)).isEqualTo(addresses);
  }
}
