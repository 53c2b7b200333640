package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Place;
import dev.workflow.engine.Documents.Source;
import org.junit.jupiter.api.Test;

class PlacesTest {

  private static Source source(String text) {
    return Yaml.read(text).source();
  }

  @Test
  void valuesAndKeysHaveTheirPlaces() {
    Source source = source("steps:\n  a: {set: [1, \"two\"]}\n  b:\n    set:\n      deep: x\n");

    assertThat(Yaml.at(source.place("/steps/a/set/1"))).isEqualTo("2:16 \"two\"]}");
    assertThat(Yaml.at(source.key("/steps/a/set"))).isEqualTo("2:7 set: [1, \"two\"]}");
    assertThat(Yaml.at(source.place("/steps/b/set/deep"))).isEqualTo("5:13 x");
    assertThat(Yaml.at(source.key("/steps/b"))).isEqualTo("3:3 b:");
    assertThat(Yaml.at(source.key("/steps/a/set/0"))).isEqualTo("2:13 1, \"two\"]}");
  }

  @Test
  void aValueThatIsNotThereStandsWhereItsParentDoes() {
    Source source = source("steps:\n  a: {set: 1}\n");

    assertThat(Yaml.at(source.place("/steps/a/when/x"))).isEqualTo("2:6 {set: 1}");
    assertThat(Yaml.at(source.key("/nothing"))).isEqualTo("1:1 steps:");
  }

  @Test
  void keysWithSlashesAndTildesAreFound() {
    Source source = source("steps: {a: {set: {x/y~z: 1}}}");

    assertThat(Yaml.at(source.place("/steps/a/set/x~1y~0z"))).isEqualTo("1:26 1}}}");
  }

  @Test
  void charactersOfAPlainTextAreFoundOverSeveralLines() {
    Source source =
        source(
            "steps:\n  a:\n    agent: x\n    prompt: one {two}\n      three   four\n\n      {five}\n");
    String value = "one {two} three   four\n{five}";

    assertEach(source, "/steps/a/prompt", value);
  }

  @Test
  void charactersOfQuotedTextsAreFoundBehindEscapes() {
    Source single = source("steps: {a: {agent: x, prompt: 'it''s\n   {late} now'}}");
    Source twice =
        source(
            "steps: {a: {agent: x, prompt: \"a\\t\\x41\\u00e9\\U0001F600\\n{b}\\\n    c \\\"d\\\"\\\\e\"}}");

    assertEach(single, "/steps/a/prompt", "it's {late} now");
    assertThat(Yaml.at(source("steps: {a: {fail: \"\\u00e9{x}\"}}").inside("/steps/a/fail", 2)))
        .isEqualTo("1:27 x}\"}}");
    assertThat(Yaml.at(twice.inside("/steps/a/prompt", "a\tA\u00e9\uD83D\uDE00\n{".length())))
        .isEqualTo("1:58 b}\\");
    assertThat(
            Yaml.at(
                twice.inside("/steps/a/prompt", "a\tA\u00e9\uD83D\uDE00\n{b}c \"d\"\\".length())))
        .isEqualTo("2:14 e\"}}");
  }

  @Test
  void charactersOfBlockTextsAreFoundInTheirLines() {
    Source literal =
        source(
            "steps:\n  a:\n    agent: x\n    prompt: |-  # text\n      one {two}\n        {three}\n\n      four\n");
    Source folded =
        source(
            "steps:\n  a:\n    agent: x\n    prompt: >-\n      one {two}\n      {three}\n\n      four\n");

    assertEach(literal, "/steps/a/prompt", "one {two}\n  {three}\n\nfour");
    assertEach(folded, "/steps/a/prompt", "one {two} {three}\nfour");
  }

  @Test
  void columnsCountUtf16UnitsBehindCharactersOutsideTheBasicPlane() {
    Source source = source("steps: {a: {ask: \"\uD83D\uDE00 {x}\", form: {y: string}}}");

    assertThat(Yaml.at(source.inside("/steps/a/ask", 4))).startsWith("1:23 x}\"");
    assertThat(Yaml.at(source.key("/steps/a/form"))).startsWith("1:28 form");
  }

  @Test
  void anAliasStandsWhereItsAnchorDoes() {
    Source source = source("steps:\n  a: {set: &v {x: 1}}\n  b: {set: *v}\n");

    assertThat(Yaml.at(source.place("/steps/b/set/x"))).startsWith("2:19 1");
    assertThat(Yaml.at(source.key("/steps/b/set"))).startsWith("3:7 set: *v");
  }

  @Test
  void linesEndAsTheyWillAndAMarkAtTheBeginningIsNoText() {
    Source source = source("\uFEFFname: x\r\nsteps:\r\n  a: {set: 1}\r\n");

    assertThat(source.key("/name")).isEqualTo(new Place("w.yaml", 1, 1, "name: x"));
    assertThat(source.key("/steps/a")).isEqualTo(new Place("w.yaml", 3, 3, "  a: {set: 1}"));
  }

  @Test
  void whatIsBehindTheEndOfATextStandsAtItsEnd() {
    Source source = source("steps: {a: {agent: x, prompt: \"abc\"}}");

    assertThat(Yaml.at(source.inside("/steps/a/prompt", 99))).isEqualTo("1:35 \"}}");
    assertThat(Yaml.at(source.inside("/steps/a", 5)))
        .isEqualTo("1:12 {agent: x, prompt: \"abc\"}}");
  }

  /** Each character of the value but white space stands where the source says. */
  private static void assertEach(Source source, String pointer, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (!Character.isWhitespace(value.charAt(i))) {
        Place place = source.inside(pointer, i);
        assertThat(place.text().substring(place.column() - 1))
            .as("character %d of %s", i, value)
            .startsWith(value.substring(i, i + 1));
      }
    }
    int late = value.lastIndexOf('{');
    Place brace = source.inside(pointer, late);
    assertThat(brace.text().indexOf('{', brace.column() - 1)).isEqualTo(brace.column() - 1);
    assertThat(brace.text().substring(brace.column() - 1))
        .startsWith(value.substring(late).lines().findFirst().orElse(""));
  }
}
