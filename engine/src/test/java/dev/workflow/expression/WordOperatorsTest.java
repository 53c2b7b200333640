package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordOperatorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          a and b                    ~ false
          a or not b                 ~ true
          not(a)                     ~ false
          android or b               ~ true
          x.or and x.not             ~ true
          x. and                     ~ true
          'a and b' == 'a' + ' and b' ~ true
          'it\\'s and' == 'x' or b      ~ false
          r'\\' == 'x' or r"and" == 'x' ~ false
          a // and or                ~ true
          not not a                  ~ true
          """)
  void wordsAreOperatorsOutsideStringsAndNames(String source, String value) {
    Scene scene =
        new Scene()
            .local("a", "{'type':'boolean'}", "true")
            .local("b", "{'type':'boolean'}", "false")
            .local("android", "{'type':'boolean'}", "true")
            .local("x", "{}", "{'or':true,'not':true,'and':true}");
    assertThat(scene.result(source)).isEqualTo(value);
  }

  @Property
  void wordsMeanWhatSymbolsMean(@ForAll("conditions") String words) {
    String symbols = words.replace("and", "&&").replace("or", "||").replace("not ", "!");
    Scene scene =
        new Scene()
            .local("a", "{'type':'boolean'}", "true")
            .local("b", "{'type':'boolean'}", "false");
    assertThat(scene.result(words)).isEqualTo(scene.result(symbols));
  }

  @Provide
  Arbitrary<String> conditions() {
    return Arbitraries.recursive(
        () -> Arbitraries.of("a", "b", "true", "a == b"),
        inner ->
            Arbitraries.oneOf(
                inner.flatMap(l -> inner.map(r -> "(" + l + " and " + r + ")")),
                inner.flatMap(l -> inner.map(r -> "(" + l + " or " + r + ")")),
                inner.map(i -> "not (" + i + ")")),
        0,
        4);
  }
}
