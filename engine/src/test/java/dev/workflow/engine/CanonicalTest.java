package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class CanonicalTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ \"b\" : 1, \"a\" : [ true, null ] }|{\"a\":[true,null],\"b\":1}",
        "{\"z\":{},\"y\":[]}|{\"y\":[],\"z\":{}}",
        "1.0|1",
        "1e2|100",
        "-0.0|0",
        "0.10|0.1",
        "1e40|1E+40",
        "\"Zürich \\u2028 \\n\\\"\"|\"Zürich \u2028 \\n\\\"\"",
      })
  void aValueHasOneCanonicalText(String written, String canonical) {
    assertThat(Canonical.json(JSON.readTree(written))).isEqualTo(canonical);
  }

  @Test
  void equalNumbersOfDifferentTypesHashAlike() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    String hash = Canonical.hash(json.numberNode(100));

    assertThat(Canonical.hash(json.numberNode(100L))).isEqualTo(hash);
    assertThat(Canonical.hash(json.numberNode(100.0))).isEqualTo(hash);
    assertThat(Canonical.hash(json.numberNode(new BigDecimal("1E+2")))).isEqualTo(hash);
    assertThat(Canonical.hash(json.numberNode(BigInteger.valueOf(100)))).isEqualTo(hash);
  }

  @Test
  void aHugeExponentIsNotWrittenOut() {
    JsonNode huge = JsonNodeFactory.instance.numberNode(new BigDecimal("1E+999999999"));
    assertThat(Canonical.json(huge)).isEqualTo("1E+999999999");
  }

  @Test
  void theHashIsSha256OfTheText() {
    assertThat(Canonical.hash(JSON.readTree("{}")))
        .isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
  }
}
