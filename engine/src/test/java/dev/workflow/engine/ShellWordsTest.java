package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "plain|plain",
        "a/b.yaml|a/b.yaml",
        "two words|'two words'",
        "it's|'it'\\''s'",
        "$(rm)|'$(rm)'",
        "\"\"|''",
        "days[0]={}|'days[0]={}'",
      })
  void aWordIsQuotedWhereAShellWouldChangeIt(String word, String quoted) {
    assertThat(ShellWords.quoted(word)).isEqualTo(quoted);
  }
}
