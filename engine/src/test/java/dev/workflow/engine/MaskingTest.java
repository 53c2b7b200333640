package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MaskingTest {
  private static final String SECRET = "can/ary+key ven&47=12\"<é>";
  private static final Masking MASKING = new Masking(() -> Set.of(SECRET, "471147114711"));
  private static final Pattern ENCODED = Pattern.compile("[A-Za-z0-9+/_-]{4,}");

  @Test
  void theSecretItselfIsMaskedWhereverItStands() {
    assertThat(MASKING.text("a " + SECRET + " b " + SECRET)).isEqualTo("a [secret] b [secret]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "can%2Fary%2Bkey+ven%2647%3D12%22%3C%C3%A9%3E",
        "can%2Fary%2Bkey%20ven%2647%3D12%22%3C%C3%A9%3E",
        "can%2fary%2bkey%20ven%2647%3d12%22%3c%c3%a9%3e",
        "can/ary+key%20ven&47=12%22%3C%C3%A9%3E",
        "can/ary+key ven&47=12\\\"<é>",
        "can\\/ary+key ven&47=12\\\"<é>",
        "can/ary+key ven\\u002647=12\\\"\\u003cé\\u003e",
        "can/ary+key ven&amp;47=12&quot;&lt;é&gt;",
        "63616e2f6172792b6b65792076656e2634373d3132223cc3a93e",
      })
  void soIsTheSecretAsProgramsWriteItIntoOtherTexts(String written) {
    assertThat(MASKING.text("<" + written + ">")).isEqualTo("<[secret]>");
  }

  @Test
  void longWordsThatWereBrokenOverLinesAreOneWord() {
    String encoded =
        Base64.getMimeEncoder(16, "\r\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(("x" + SECRET + "y").getBytes(StandardCharsets.UTF_8));

    assertThat(found(MASKING.text(encoded), SECRET)).isFalse();
    assertThat(MASKING.text("a can/ary+\n    key ven&47=12\"<é> b")).isEqualTo("a [secret] b");
    assertThat(MASKING.text("{\"log\": \"can/ary+\\r\\nkey ven&47=12\\\"<é>\"}"))
        .isEqualTo("{\"log\": \"[secret]\"}");
    assertThat(MASKING.text("two\n lines\\n stay")).isEqualTo("two\n lines\\n stay");
  }

  @Test
  void whatACutLeftOfASecretIsMasked() {
    assertThat(MASKING.text("ends in can/ary+key ve")).isEqualTo("ends in [secret]");
    assertThat(MASKING.text("ends in can/ary+key v [...] and more"))
        .isEqualTo("ends in [secret] [...] and more");
    assertThat(MASKING.text("ends in can/ary+key v [37 more bytes]"))
        .isEqualTo("ends in [secret] [37 more bytes]");
    assertThat(MASKING.text("ven&47=12\"<é> begins")).isEqualTo("[secret] begins");
    assertThat(MASKING.text("she can")).isEqualTo("she can");
  }

  @Test
  void linesOfAKeyAreMaskedOneByOne() {
    String key =
        """
        -----BEGIN PRIVATE KEY-----
        MIIEvQIBADANBgkqhkiG9w0BAQEFAASC
        BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj
        -----END PRIVATE KEY-----
        """;
    Masking masking = new Masking(() -> Set.of(key));

    assertThat(masking.text("> BKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj")).isEqualTo("> [secret]");
    assertThat(masking.text(key.strip().replace("\n", "\\n"))).isEqualTo("[secret]");
  }

  @Test
  void ofAValueTextsKeysAndNumbersAreMaskedAndTheRestIsTheSameNode() {
    JsonNode value =
        read("{'a': ['x', {'471147114711': 1, 'n': 471147114711}], 'b': 47, 'c': null, 'd': true}");
    JsonNode harmless = read("{'a': [1, {'b': 'text'}]}");

    assertThat(MASKING.value(value))
        .isEqualTo(
            read("{'a': ['x', {'[secret]': 1, 'n': '[secret]'}], 'b': 47, 'c': null, 'd': true}"));
    assertThat(MASKING.value(harmless)).isSameAs(harmless);
  }

  @Test
  void shortSecretsTearNeitherOrdinaryWordsNorTheKeysOfAProtocol() {
    Masking masking = new Masking(() -> Set.of("falcon", "my-app", "content-team"));
    JsonNode value =
        read("{'content': [{'text': 'a falcony'}], 'approved': 'icon', 'content-te': 'your app'}");

    assertThat(masking.value(value))
        .isEqualTo(
            read(
                "{'content': [{'text': 'a [secret]y'}], 'approved': 'icon', 'content-te': 'your app'}"));
  }

  @Test
  void secretsThatBecomeKnownLaterAreMaskedFromThenOn() {
    Set<String> known = new LinkedHashSet<>();
    Masking masking = new Masking(() -> Set.copyOf(known));

    assertThat(masking.text("first-secret second-secret")).contains("first-secret");
    known.add("first-secret");
    assertThat(masking.text("first-secret second-secret")).isEqualTo("[secret] second-secret");
    known.add("second-secret");
    assertThat(masking.text("first-secret second-secret")).isEqualTo("[secret] [secret]");
  }

  @Test
  void whatIsShorterThanSixCharactersIsNoSecret() {
    assertThat(new Masking(() -> Set.of("yes", "12345")).text("yes 12345")).isEqualTo("yes 12345");
  }

  @Property(tries = 500)
  void noEncodingOfASecretCanBeReadBack(
      @ForAll("secrets") String secret,
      @ForAll("texts") String before,
      @ForAll("texts") String after,
      @ForAll @IntRange(max = 5) int way) {
    byte[] whole = (before + secret + after).getBytes(StandardCharsets.UTF_8);
    String told =
        switch (way) {
          case 0 -> before + secret + after;
          case 1 -> Base64.getEncoder().encodeToString(whole);
          case 2 -> Base64.getUrlEncoder().withoutPadding().encodeToString(whole);
          case 3 -> Base64.getMimeEncoder().encodeToString(whole);
          case 4 -> URLEncoder.encode(before + secret + after, StandardCharsets.UTF_8);
          default ->
              read("{}").toString() + JsonMapper.shared().writeValueAsString(before + secret);
        };

    String masked = new Masking(() -> Set.of(secret)).text(told);

    assertThat(found(masked, secret)).as("%s of %s", masked, secret).isFalse();
  }

  @Property(tries = 500)
  void ofASecretInTwoTextsOneHalfAtLeastIsMasked(
      @ForAll("secrets") String secret,
      @ForAll("texts") String before,
      @ForAll @IntRange(min = 1, max = 11) int cut) {
    Masking masking = new Masking(() -> Set.of(secret));

    String first = masking.text(before + secret.substring(0, cut));
    String second = masking.text(secret.substring(cut) + before);

    assertThat(first + second).doesNotContain(secret);
    assertThat(first.contains(Masking.MASK) || second.contains(Masking.MASK)).isTrue();
  }

  @Provide
  Arbitrary<String> secrets() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .ofMinLength(12)
        .ofMaxLength(60)
        .filter(secret -> secret.chars().distinct().count() > 5);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withCharRange(' ', '~').withChars('é', '\n', '漢').ofMaxLength(40);
  }

  /** Whether somebody who tries can read a secret from a text. */
  private static boolean found(String text, String secret) {
    String joined = text.replaceAll("[\r\n]", "");
    if (joined.contains(secret) || text.contains(secret)) {
      return true;
    }
    if (unescaped(joined).contains(secret)) {
      return true;
    }
    Matcher run = ENCODED.matcher(joined);
    while (run.find()) {
      String encoded = run.group().replace('-', '+').replace('_', '/');
      for (int from = 0; from < 4 && from < encoded.length(); from++) {
        int length = (encoded.length() - from) / 4 * 4;
        byte[] decoded = Base64.getDecoder().decode(encoded.substring(from, from + length));
        if (new String(decoded, StandardCharsets.UTF_8).contains(secret)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String unescaped(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException noAddress) {
      return text;
    }
  }

  private static JsonNode read(String json) {
    return JsonMapper.shared().readTree(json.replace('\'', '"'));
  }
}
