package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ContentBlocksTest {
  private static final String ABC_DIGEST =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String ABC = "{'bytes':3,'sha256':'" + ABC_DIGEST + "'}";

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @Test
  void binaryDataIsShownAsItsLengthAndItsDigestWhereverItStands() {
    JsonNode value =
        json(
            """
            {'a': [{'type': 'image', 'data': 'YWJj', 'mimeType': 'image/png'},
                   {'type': 'audio', 'data': 'YWJj', 'mimeType': 'audio/wav'},
                   {'type': 'resource', 'resource': {'uri': 'x:y', 'blob': 'YWJj'}}]}
            """);
    assertThat(ContentBlocks.shown(value))
        .isEqualTo(
            json(
                """
                {'a': [{'type': 'image', 'data': ABC, 'mimeType': 'image/png'},
                       {'type': 'audio', 'data': ABC, 'mimeType': 'audio/wav'},
                       {'type': 'resource', 'resource': {'uri': 'x:y', 'blob': ABC}}]}
                """
                    .replace("ABC", ABC)));
  }

  @Test
  void whatHoldsNoBinaryDataIsShownAsItIs() {
    for (String text :
        new String[] {
          "'YWJj'",
          "{'data': 'YWJj', 'mimeType': 'image/png'}",
          "{'type': 'image', 'data': 'no base64!', 'mimeType': 'image/png'}",
          "{'type': 'text', 'data': 'YWJj', 'text': 'x'}",
          "{'blob': 'YWJj'}",
          "[1, null, {'type': 'image', 'data': 3}]"
        }) {
      JsonNode value = json(text);
      assertThat(ContentBlocks.shown(value)).isSameAs(value);
      assertThat(ContentBlocks.binaries(value)).isEmpty();
    }
  }

  @Test
  void allBinaryDataIsFoundInOrder() {
    JsonNode value =
        json(
            """
            {'first/one': {'type': 'image', 'data': 'YWJj', 'mimeType': 'image/png'},
             'then': [{'type': 'resource', 'resource': {'uri': 'x:y', 'blob': 'eA=='}}]}
            """);
    assertThat(ContentBlocks.binaries(value))
        .extracting(
            binary ->
                binary.pointer()
                    + " "
                    + binary.mimeType()
                    + " "
                    + new String(binary.bytes(), StandardCharsets.UTF_8))
        .containsExactly("/first~1one image/png abc", "/then/0/resource  x");
  }
}
