package dev.workflow.mcp.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class JsonTextTest {
  /** As people write it: comments, odd spaces, a trailing comma, an order of their own. */
  private static final String WRITTEN =
      """
      {
          // what the team uses
          "note" : [1,2,   3],
          "mcpServers": {
              "b":   {"command":"x",   "args": ["-y" ,"z"], "own": {"k" : 1.50}},
              /* the second */
              "a": {
                  "command": "y", // of last year
                  "enabled" : true
              },
          }
      }
      """;

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  @Test
  void aNewMemberStandsBehindTheOthersAndNothingElseMoves() {
    JsonText with =
        new JsonText(WRITTEN)
            .with(List.of("mcpServers", "c"), json("{'command':'z','args':['-y','q']}"));

    assertThat(with.text())
        .isEqualTo(
            WRITTEN.replace(
                "        },\n    }",
                "        },\n        \"c\": {\n            \"command\": \"z\",\n"
                    + "            \"args\": [\"-y\", \"q\"]\n        },\n    }"));
  }

  @Test
  void aChangedFieldIsReplacedAtItsPlace() {
    JsonText with =
        new JsonText(WRITTEN)
            .with(List.of("mcpServers", "a"), json("{'command':'y','enabled':false,'cwd':'sub'}"))
            .with(List.of("mcpServers", "b", "args"), json("['-y']"));

    assertThat(with.text())
        .isEqualTo(
            WRITTEN
                .replace("\"enabled\" : true", "\"enabled\" : false,\n            \"cwd\": \"sub\"")
                .replace("[\"-y\" ,\"z\"]", "[\"-y\"]"));
  }

  @Test
  void aRemovedMemberTakesItsLinesAlongAndNoOthers() {
    assertThat(new JsonText(WRITTEN).without(List.of("mcpServers", "b")).text())
        .isEqualTo(WRITTEN.replaceFirst(" {8}\"b\": .*\n", ""));
    assertThat(new JsonText(WRITTEN).without(List.of("mcpServers", "a", "enabled")).text())
        .isEqualTo(
            WRITTEN
                .replace("\"y\", // of", "\"y\" // of")
                .replaceFirst(" {12}\"enabled\" : true\n", ""));
    assertThat(new JsonText(WRITTEN).without(List.of("mcpServers", "gone")))
        .isEqualTo(new JsonText(WRITTEN));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a': 1, 'b': 2}|b|{'a': 1}",
        "{'a': 1, 'b': 2}|a|{'b': 2}",
        "{'a': 1}|a|{}",
        "{'a': 1,}|a|{}",
        "{'a': 1, /* last */}|a|{ /* last */}",
      })
  void membersOfOneLineLeaveNoCommaBehind(String text, String key, String left) {
    assertThat(new JsonText(text.replace('\'', '"')).without(List.of(key)).text())
        .isEqualTo(left.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|{\\n  'k': 1\\n}",
        "{'a': {}}|{'a': {}, 'k': 1}",
        "{\\r\\n\\t'a': 2\\r\\n}|{\\r\\n\\t'a': 2,\\r\\n\\t'k': 1\\r\\n}",
        "{\\n  'a': 2 // two\\n}|{\\n  'a': 2, // two\\n  'k': 1\\n}",
        "{ /* none */ }|{\\n  /* none */\\n  'k': 1\\n}",
        "{'a': 2 // two\\n}|{'a': 2, // two\\n'k': 1\\n}",
        "{'a': 2 // two\\r}|{'a': 2, // two\\n'k': 1\\r}",
        "{'a': 2, // two\\n}|{'a': 2, // two\\n'k': 1,\\n}",
        "{'a': 2 // two\\r,}|{'a': 2 // two\\r,\\n'k': 1,}",
        "{'a': 2 /* two */}|{'a': 2, /* two */ 'k': 1}",
      })
  void aMemberIsAddedInTheStyleOfTheText(String text, String with) {
    assertThat(new JsonText(plain(text)).with(List.of("k"), json("1")).text())
        .isEqualTo(plain(with));
  }

  private static String plain(String text) {
    return text.replace('\'', '"').replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
  }

  @Test
  void aByteOrderMarkStays() {
    assertThat(new JsonText("\uFEFF{\"a\": 1}").with(List.of("a"), json("2")).text())
        .isEqualTo("\uFEFF{\"a\": 2}");
  }

  /** Whatever is written and removed, in whatever order: the text says what a map would hold. */
  @Property(tries = 300)
  void theTextHoldsWhatAMapWouldHold(
      @ForAll @Size(max = 24) List<@IntRange(min = 0, max = 199) Integer> changes,
      @ForAll @IntRange(min = 0, max = 8) int style) {
    String begin =
        List.of(
                "{}",
                "{\n  // c\n  \"m\": {}\n}\n",
                "{\"m\": {\"k1\": {\"a\": [1, {\"b\": 2}]}, }}",
                "{\r\n\t\"m\": {\r\n\t\t\"k0\": 1, // x\r\n\t\t\"k3\": 2 /* y */\r\n\t}\r\n}",
                "{\"m\": {\"k1\": {\"a\": 1} // note\n}}",
                "{\"m\": {\"k1\": 1, // one\n}}",
                "{\"m\":{\"k1\":1// n,\n,\"k2\":2// m }\n}}",
                "{\"m\": {/* a */ \"k1\": 1 /* , */ } // end\n}",
                "{ // k1\r\"m\": { // , \r\"k0\": {} // }\r, \"k4\": 2 //\r}}")
            .get(style);
    JsonText text = new JsonText(begin);
    JsonNode before = text.get(List.of("m"));
    ObjectNode expected =
        before instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    for (int change : changes) {
      String key = "k" + change % 5;
      JsonNode value = value(change / 10);
      if (change % 3 == 0) {
        text = text.without(List.of("m", key));
        expected.remove(key);
      } else {
        text = text.with(List.of("m", key), value);
        expected.set(key, value);
      }
      JsonNode now = text.get(List.of("m"));
      assertThat(now == null ? JsonNodeFactory.instance.objectNode() : now).isEqualTo(expected);
      List<String> order =
          new ArrayList<>(Objects.requireNonNullElse(now, expected).propertyNames());
      assertThat(order).containsExactlyElementsOf(expected.propertyNames());
    }
  }

  private static JsonNode value(int seed) {
    return List.of(
            json("1"),
            json("{'a': 'b'}"),
            json("{'a': {'x': [1, 2]}, 'c': true}"),
            json("['p', {'q': []}]"),
            json("'te \\u00e9/xt'"),
            json("{}"))
        .get(seed % 6);
  }
}
