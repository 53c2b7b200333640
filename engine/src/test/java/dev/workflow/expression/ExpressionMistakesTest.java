package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Expressions.Wanted;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionMistakesTest {
  private final Scene scene = Scene.trip();

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          nmae                     ~ 0: There is no `nmae`. Did you mean `name`?
          1 + nmae                 ~ 4: There is no `nmae`. Did you mean `name`?
          'é😀' + nmae              ~ 8: There is no `nmae`. Did you mean `name`?
          check.unsfe and true     ~ 6: There is no `unsfe` in the object. Did you mean `unsafe`?
          check . unsfe            ~ 8: There is no `unsfe` in the object. Did you mean `unsafe`?
          check['unsfe']           ~ 6: There is no `unsfe` in the object. Did you mean `unsafe`?
          has(check.unsfe)         ~ 10: There is no `unsfe` in the object. Did you mean `unsafe`?
          check.again.again.scor   ~ 18: There is no `scor` in the object. Did you mean `score`?
          xs.map(x, x.scor)        ~ 12: There is no `scor` in the object. Did you mean `score`?
          xs[0].scor               ~ 6: There is no `scor` in the object. Did you mean `score`?
          xs.score                 ~ 3: A list has no `score`. Write [0].score for the first, or .map(x, x.score) for all.
          xs.size                  ~ 3: A list has no `size`. Write size() with parentheses.
          name.foo                 ~ 5: A string has no `foo`.
          inputs.nn                ~ 7: There is no input `nn`. Did you mean `n`?
          {'a': 1}.b               ~ 9: There is no `b` in the object. Known: a.
          steps.chek.status        ~ 6: There is no step `chek`. Did you mean `check`?
          steps.chek               ~ 6: There is no step `chek`. Did you mean `check`?
          steps.check.statu        ~ 12: There is no `statu` in `steps.check`. Did you mean `status`?
          steps.check.output       ~ 12: There is no `output` in `steps.check`. Its output is `check` alone.
          steps.check              ~ 0: Expected `steps.check.status`, `.error`, `.errors`, `.attempts` or `.content`. Its output is `check` alone.
          steps.check.status == 5  ~ 19: Cannot compare a string with an integer: they are never equal.
          steps.map(s, s)          ~ 0: Expected the id of a step after `steps`. Write steps.id.status, or id alone.
          siez(xs)                 ~ 0: There is no function `siez`. Did you mean `size`?
          xs.fliter(x, x.unsafe)   ~ 3: There is no function `fliter`. Did you mean `filter`?
          math.cell(1.5)           ~ 5: There is no function `cell`. Did you mean `math.ceil`?
          type(n)                  ~ 0: There is no function `type`.
          name + n                 ~ 5: Cannot add a string and an integer. Write string(x) to turn a number into text.
          name < 5                 ~ 5: Cannot compare a string with an integer. Write double(x) to turn text into a number.
          amount == 'a'            ~ 7: Cannot compare a number with a string: they are never equal.
          n % 2.5                  ~ 2: Cannot take the remainder of an integer by a number: it needs integers.
          - name                   ~ 0: Cannot negate a string.
          not name == 'x'          ~ 0: Expected a boolean after `not`, found a string. It applies to what follows directly; write not (a == b) for the rest.
          check.unsafe and n       ~ 17: Expected a boolean, found an integer.
          n ? 1 : 2                ~ 0: Expected a boolean, found an integer.
          'x' in name              ~ 7: Expected a list or an object after `in`, found a string. Write text.contains(part) for a part of a text.
          5 in days                ~ 2: Cannot find an integer here: there is only a string.
          days['a']                ~ 5: Expected a number, found a string.
          name[0]                  ~ 0: Expected a list or an object before `[`, found a string. Write text.charAt(0) for a character.
          name.map(x, x)           ~ 0: Expected a list or an object to go over, found a string.
          xs.map(1, 2)             ~ 3: Expected a name and an expression in `map`, such as xs.map(x, x.size).
          xs.filter(x)             ~ 3: Expected a name and an expression in `filter`, such as xs.filter(x, x > 1).
          xs.filter(x, x.score)    ~ 13: Expected a boolean, found a number.
          xs.sortBy(x, x)          ~ 13: Expected something with an order, such as a number or a string, found an object.
          has(check)               ~ 0: Expected a property in `has`, such as has(a.b).
          coalesce()               ~ 0: Expected something in `coalesce`, such as coalesce(a, b).
          math.greatest('a')       ~ 5: Expected numbers in `math.greatest`, or one list of them.
          name.charAt('x')         ~ 5: Expected `string.charAt(integer)`, found `string.charAt(string)`.
          size(n)                  ~ 0: Expected `size(string)` or `size(list)` or `size(object)` or `string.size()` or `list.size()` or `object.size()`, found `size(integer)`.
          name.matches('(')        ~ 13: Expected a regular expression, found ( (missing closing )).
          1 +                      ~ 3: The expression ends too early.
          a b                      ~ 2: Expected the end of the expression or an operator, found `b`.
          (1                       ~ 2: Expected `)`, found the end.
          'abc                     ~ 0: The string is not closed.
          n = 7                    ~ 2: Did not expect `=` here. Write `==` to compare.
          check.unsafe & true      ~ 13: Did not expect `&` here. Write `and` or `or`.
          any#                     ~ 3: Did not expect `#` here.
          if                       ~ 0: `if` is a reserved word.
          9999999999999999999      ~ 0: 9999999999999999999 does not fit into 64 bits.
          1u                       ~ 0: Expected a number or a string as JSON has them.
          Point{x: 1}              ~ 5: Did not expect `Point{` here. An object is written {"key": value}.
          """)
  void aMistakeSaysWhereWhatAndWhatToDo(String source, String mistake) {
    assertThat(Scene.mistake(() -> scene.compile(source))).isEqualTo(mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          BOOLEAN    ~ n              ~ 0: Expected true or false, found an integer.
          BOOLEAN    ~ 1 + n          ~ 0: Expected true or false, found an integer.
          COLLECTION ~ name           ~ 0: Expected a list or an object, found a string.
          KEY        ~ xs             ~ 0: Expected a string or a number, found a list.
          TIME       ~ check.unsafe   ~ 0: Expected a time or a duration, found a boolean.
          BOOLEAN    ~ any            ~ no mistake
          COLLECTION ~ check          ~ no mistake
          KEY        ~ amount         ~ no mistake
          TIME       ~ duration('5s') ~ no mistake
          TIME       ~ run.started    ~ no mistake
          """)
  void thePlaceAsksForAType(Wanted wanted, String source, String mistake) {
    assertThat(Scene.mistake(() -> scene.compile(source, wanted))).isEqualTo(mistake);
  }

  @Test
  void offsetsCountOverLineBreaks() {
    assertThat(Scene.mistake(() -> scene.compile("check.unsafe\n  and 'ü' == nmae")))
        .isEqualTo("26: There is no `nmae`. Did you mean `name`?");
    assertThat(Scene.mistake(() -> scene.compile("n ==\n  'ü' =")))
        .isEqualTo("11: Did not expect `=` here. Write `==` to compare.");
  }

  @Test
  void anExpressionWithoutEndOrBottomIsAMistakeAndNoCrash() {
    assertThat(Scene.mistake(() -> scene.compile(" ")))
        .isEqualTo("0: Expected an expression, found nothing.");
    assertThat(Scene.mistake(() -> scene.compile("(".repeat(5_000) + "1" + ")".repeat(5_000))))
        .contains("nests too deeply");
    assertThat(Scene.mistake(() -> scene.compile("[".repeat(9_000)))).contains("nests too deeply");
    assertThat(Scene.mistake(() -> scene.compile("1" + " + 1".repeat(4_900))))
        .isEqualTo("0: The expression nests too deeply. Split it over several `set` steps.");
    assertThat(Scene.mistake(() -> scene.compile("1" + " ".repeat(20_000))))
        .isEqualTo("0: Expected an expression of at most 20000 characters.");
  }

  @Test
  void anOpenObjectMayHaveMoreThanItNames() {
    String open = "{'type':'object','properties':{'a':{'type':'string'}},%s}";
    String[] more = {
      "'additionalProperties':true", "'patternProperties':{'x':{}}", "'anyOf':[{'required':['a']}]"
    };
    for (String keyword : more) {
      scene.step("open", open.formatted(keyword), "{'a':'x','b':1}");
      assertThat(scene.result("open.b")).isEqualTo("1");
    }
    scene.step("open", open.formatted("'additionalProperties':{'type':'string'}"), "{}");
    assertThat(Scene.mistake(() -> scene.compile("open.b + 1")))
        .isEqualTo(
            "7: Cannot add a string and an integer. Write string(x) to turn a number into text.");
    scene.step("open", open.formatted("'additionalProperties':false"), "{}");
    assertThat(Scene.mistake(() -> scene.compile("open.b")))
        .isEqualTo(
            "5: There is no `b` in the object. Did you mean `a`?"
                .replace("Did you mean `a`?", "Known: a."));
  }

  @Test
  void whatASchemaDoesNotSayIsCheckedWhenEvaluated() {
    String[] vague = {
      "{}",
      "true",
      "{'type':['string','null']}",
      "{'anyOf':[{'type':'string'}]}",
      "{'$ref':'http://x/y'}",
      "{'$ref':'#/$defs/none'}",
      "{'$ref':'#'}",
      "{'not':{}}"
    };
    for (String schema : vague) {
      scene.step("vague", schema, "5");
      assertThat(scene.result("vague + 1")).as(schema.toLowerCase(Locale.ROOT)).isEqualTo("6");
      assertThat(scene.compile("vague").type()).isEqualTo(Scene.json("{}"));
    }
  }
}
