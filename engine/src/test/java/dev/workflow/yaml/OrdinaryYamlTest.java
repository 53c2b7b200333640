package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ProblemText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What looks like a trap of YAML and is none. */
class OrdinaryYamlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prompt: \"{destination}\"",
        "prompt: plan {option}",
        "prompt: \"find: x\"",
        "prompt: 'find: x # 1'",
        "prompt: see https://example.org:80/x#y",
        "prompt: time is 12:30, C# or F#",
        "prompt: find options  # two spaces make a comment",
        "prompt: find options\t# so does a tab",
        "prompt: is it? yes or no",
        "prompt: why? because:it is",
        "prompt: -x - y",
        "prompt: a, b & c! * d",
        "prompt: |\n      find: x # 1\n      {y}",
        "prompt: >-\n      find: x\n      \"a\" == b",
        "prompt: it's \"quoted\" inside",
        "prompt: x\n    when: a == \"b\"",
        "prompt: x\n    when: not a and b != 'c'",
        "prompt: x\n    when: \"a ? b : c\"",
        "prompt: x\n    when: 'a ? \"b\" : \"c\"'",
        "prompt: x\n    when: a.b(c)[0] > 1  # fine",
        "prompt: x\n    context: []",
        "prompt: \"a\"\n    output: {}",
        "prompt: x\n    output: {a: {type: string, default: \"{x}\"}}",
        "prompt: !!str x",
        "prompt: &p x",
      })
  void aStepIsReadWithoutProblems(String rest) {
    assertNoProblems("steps:\n  a:\n    agent: x\n    " + rest + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{place: \"${x}\", n: 3}",
        "{place: x, empty: , none: null}",
        "{a: {b: }, c: [], d: {}}",
        "{? a : b}",
        "\n      place: ${x}\n      note: a, b {c}",
        "{when: {x: y}, prompt: {a: 1}, type: {b: 2}}",
        "{a: 'it''s', b: \"x: y\", c: x?y:z}",
        "\n      \"a b\": 1\n      'c: d': 2\n      e:\n        - f: g\n          h: i",
        "{version: 1.10, tag: 2.0}",
      })
  void valuesAreReadWithoutProblems(String value) {
    assertNoProblems("steps:\n  a:\n    tool: x/y\n    with: " + value + "\n");
  }

  @Test
  void wordsOfOlderYamlAreText() {
    assertThat(
            Yaml.sound(
                    "steps: {a: {set: [yes, no, ~, on, 0o17, 1_000, 0x1F, .inf, 2026-01-01, 12:30]}}")
                .document()
                .at("/steps/a/set"))
        .isEqualTo(
            Yaml.json(
                "[\"yes\", \"no\", \"~\", \"on\", \"0o17\", \"1_000\", \"0x1F\", \".inf\", \"2026-01-01\", \"12:30\"]"));
  }

  @Test
  void numbersAreReadAsTheJsonParserReadsThem() {
    String numbers =
        "[0, -1, 2147483647, 2147483648, -9223372036854775808, 9223372036854775808, 1.5, 1e3, -0.0]";

    assertThat(Yaml.sound("steps: {a: {set: " + numbers + "}}").document().at("/steps/a/set"))
        .isEqualTo(Yaml.json(numbers));
  }

  private static void assertNoProblems(String text) {
    assertThat(ProblemText.of(Yaml.read(text).problems())).as(text).isEmpty();
  }
}
