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
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          a and b~a &&  b
          a or not b~a || !   b
          not(a)~!  (a)
          android or nothing~android || nothing
          x.or and x.not~x.or &&  x.not
          x. and~x. and
          'a and b' and c~'a and b' &&  c
          'it\\'s and' or b~'it\\'s and' || b
          r'\\' or r"and"~r'\\' || r"and"
          \"""a ' or\""" or b~\"""a ' or\""" || b
          a // and or~a // and or
          x.`and` and y~x.`and` &&  y
          1and~1and
          _and_ or Or~_and_ || Or
          'never closed and~'never closed and
          """)
  void wordsBecomeSymbolsOutsideStrings(String source, String rewritten) {
    assertThat(WordOperators.rewrite(source)).isEqualTo(rewritten).hasSameSizeAs(source);
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

  @Property
  void everyOtherCharacterKeepsItsPlace(@ForAll String source) {
    String rewritten = WordOperators.rewrite(source);
    assertThat(rewritten).hasSameSizeAs(source);
    for (int i = 0; i < source.length(); i++) {
      if (source.charAt(i) != rewritten.charAt(i)) {
        assertThat(rewritten.charAt(i)).isIn('&', '|', '!', ' ');
      }
    }
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
