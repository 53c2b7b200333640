package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Expressions.Outcome;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class TemplatesTest {
  private final Scene scene = Scene.trip();

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          '${n}'                       ~ 7
          'x${n}'                      ~ 'x7'
          '${n}${name}'                ~ '7Ada'
          ' ${n}'                      ~ ' 7'
          '${date}'                    ~ null
          'on ${date}'                 ~ 'on null'
          '${check.unsafe ? "}" : "{"}' ~ '}'
          '${ {"a": {"b": n}}.a.b }'   ~ 7
          '${days}'                    ~ ['mon','tue']
          'on ${days}'                 ~ 'on [\\'mon\\',\\'tue\\']'
          '$${n}'                      ~ '${n}'
          '$$${n}'                     ~ '$${n}'
          'costs $5 {n}'               ~ 'costs $5 {n}'
          '$'                          ~ '$'
          ''                           ~ ''
          {'a':'${n}','b':['${name}',1,null,true],'c':{}} ~ {'a':7,'b':['Ada',1,null,true],'c':{}}
          ['${gone.x}','${lost}']      ~ missing gone, lost
          ['${1/0}','${lost}']         ~ missing lost
          {'a':['${1/0}']}             ~ failed: Division by zero in `1/0`.
          'at ${timestamp(run.started)}' ~ 'at 2026-01-31T10:00:00Z'
          """)
  void aTemplateHasThisValue(String template, String value) {
    String quoted = template.replace("\"", "\\\"");
    assertThat(scene.result(scene.template(quoted))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          find {name} on {days[0]}     ~ 'find Ada on mon'
          {n}                          ~ '7'
          {any.m.k[1]}                 ~ '2'
          {check}                      ~ '{\\'unsafe\\':true,\\'score\\':2.5,\\'a-b\\':9}'
          {date}                       ~ 'null'
          ${n + 1} of ${name}          ~ '8 of Ada'
          {{name}} and {{a.b[0]}}      ~ '{name} and {a.b[0]}'
          $${name}                     ~ '${name}'
          {"x": {name}}                ~ '{\\'x\\': Ada}'
          {"x": {"y": 1}}              ~ '{\\'x\\': {\\'y\\': 1}}'
          { } {} { name } {a, b} {1} } ~ '{ } {} { name } {a, b} {1} }'
          {{ name }} {{}} {a-b}        ~ '{{ name }} {{}} {a-b}'
          {steps.lost.error.message}   ~ 'late'
          {gone.x} {lost}              ~ missing gone, lost
          """)
  void aPromptReads(String prompt, String value) {
    assertThat(scene.result(scene.text(prompt))).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          go to {nmae}       ~ 7: There is no `nmae`. Did you mean `name`? Write {{nmae}} to print the braces.
          {check.unsfe}      ~ 7: There is no `unsfe` in the object. Did you mean `unsafe`?
          x ${1 +} y         ~ 7: The expression ends too early.
          x ${nmae} y        ~ 4: There is no `nmae`. Did you mean `name`?
          x ${} y            ~ 4: Expected an expression, found nothing.
          x ${name           ~ 2: This `${` is not closed by a `}`. Write `$${` to print `${` as it is.
          x ${'}             ~ 2: This `${` is not closed by a `}`. Write `$${` to print `${` as it is.
          {steps.chek.error} ~ 7: There is no step `chek`. Did you mean `check`?
          """)
  void aMistakeInAPromptSaysWhere(String prompt, String mistake) {
    assertThat(Scene.mistake(() -> scene.text(prompt))).isEqualTo(mistake);
  }

  @Test
  void aMistakeInATemplateSaysInWhichText() {
    assertThat(Scene.mistake(() -> scene.template("{'a':[1,{'b/c':'x ${nmae}'}]}")))
        .isEqualTo("/a/1/b~1c 4: There is no `nmae`. Did you mean `name`?");
  }

  @Test
  void aTemplateKnowsItsType() {
    assertThat(scene.template("{'a':'${n}','b':['${name}'],'c':'x${n}','d':'${check}'}").type())
        .isEqualTo(
            Scene.json(
                "{'type':'object','properties':{'a':{'type':'integer'},"
                    + "'b':{'type':'array','items':{'type':'string'}},'c':{'type':'string'},"
                    + "'d':"
                    + scene.compile("check").type().toString().replace('"', '\'')
                    + "},'required':['a','b','c','d'],'additionalProperties':false}"));
    assertThat(scene.template("'${n}'").type()).isEqualTo(Scene.json("{'type':'integer'}"));
    assertThat(scene.text("{n}").type()).isEqualTo(Scene.json("{'type':'string'}"));
    assertThat(scene.template("5").type()).isEqualTo(Scene.json("{'type':'integer'}"));
  }

  @Property
  void dataIsPutInAsItIsAndNeverLookedAtAgain(@ForAll("data") JsonNode data) {
    Scene with = new Scene().local("data", data);
    JsonNode template = JsonNodeFactory.instance.stringNode("${data}");
    assertThat(with.template(template).evaluate(with.values())).isEqualTo(new Outcome.Value(data));
    String printed = data.isString() ? data.stringValue() : data.toString();
    assertThat(with.text("<{data}>").evaluate(with.values()))
        .isEqualTo(new Outcome.Value(JsonNodeFactory.instance.stringNode("<" + printed + ">")));
  }

  @Property
  void aTextWithoutExpressionsIsItself(@ForAll String text) {
    if (text.contains("${")) {
      return;
    }
    JsonNode value = JsonNodeFactory.instance.stringNode(text);
    assertThat(scene.template(value).evaluate(scene.values())).isEqualTo(new Outcome.Value(value));
  }

  @Property
  void anyTextEitherCompilesOrHasAMistake(@ForAll("nearlyPrompts") String text) {
    String mistake = Scene.mistake(() -> scene.text(text).evaluate(scene.values()));
    assertThat(mistake).matches("(?s)no mistake|\\d+: .*");
  }

  @Provide
  Arbitrary<String> nearlyPrompts() {
    return Arbitraries.of(
            "${", "}", "{", "$", "{{", "}}", "name", ".", "[0]", "'", "\"", " ", "+", "and", "not",
            "r'", "\\", "//", "\n", "ü", "😀", "1", "(", ")", "steps", "check", "?", ":", "`", "x")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<JsonNode> data() {
    JsonNodeFactory json = JsonNodeFactory.instance;
    Arbitrary<JsonNode> leaf =
        Arbitraries.oneOf(
            Arbitraries.of("${n}", "{name}", "$${x}", "a and b", "\"", "ü😀").map(json::stringNode),
            Arbitraries.strings().map(json::stringNode),
            Arbitraries.integers().map(i -> json.numberNode(i)),
            Arbitraries.of(true, false).map(json::booleanNode),
            Arbitraries.just(json.nullNode()));
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                inner.list().ofMaxSize(3).map(list -> json.arrayNode().addAll(list)),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(3), inner)
                    .ofMaxSize(3)
                    .map(map -> json.objectNode().setAll(map))),
        0,
        3);
  }
}
