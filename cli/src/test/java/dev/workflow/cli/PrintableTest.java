package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class PrintableTest {

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x00, 0x07, 0x08, 0x0D, 0x1B, 0x7F, 0x85, 0x9B, 0xAD, 0x061C, 0x200B, 0x200E, 0x2028,
        0x2029, 0x202E, 0x2066, 0x2069, 0xFEFF, 0xE0001, 0xE0041, 0xE007F
      })
  void whatCouldSteerATerminalOrHideTextIsShownAsReplacement(int character) {
    String hostile = "a" + Character.toString(character) + "b";

    assertThat(Printable.text(hostile)).isEqualTo("a\uFFFDb");
  }

  @Test
  void ordinaryTextOfAnyLanguageStaysAsItIs() {
    String text = "Zürich\t雨 🌧 عربي \n next";

    assertThat(Printable.text(text)).isEqualTo(text);
  }

  @Test
  void anUnpairedSurrogateIsReplaced() {
    assertThat(Printable.text("a\uD83Cb")).isEqualTo("a\uFFFDb");
  }

  @Test
  void aLineIsOneLineAndCutWithoutTearingACharacter() {
    assertThat(Printable.line(" two\n\tlines ", 80)).isEqualTo("two lines");
    assertThat(Printable.line("abcdef", 4)).isEqualTo("abc…");
    assertThat(Printable.line("ab😀😀😀", 4)).isEqualTo("ab…");
    assertThat(Printable.indented("  ● step  done", 9)).isEqualTo("  ● step…");
  }

  @Test
  void wideCharactersTakeTwoColumnsAndCombiningOnesNone() {
    assertThat(Printable.line("東京都の天気", 12)).isEqualTo("東京都の天気");
    assertThat(Printable.line("東京都の天気", 11)).isEqualTo("東京都の天…");
    assertThat(Printable.line("東京都の天気", 10)).isEqualTo("東京都の…");
    assertThat(Printable.line("e\u0301a\u0308b", 3)).isEqualTo("e\u0301a\u0308b");
  }

  @Test
  void jsonKeepsItsValueWhenWhatCouldSteerATerminalIsEscaped() {
    String json = JsonMapper.shared().writeValueAsString("a\u202E\u009Bb\uDB40\uDC41");

    String safe = Printable.json(json);

    assertThat(safe).isEqualTo("\"a\\u202e\\u009bb\\udb40\\udc41\"");
    assertThat(JsonMapper.shared().readTree(safe)).isEqualTo(JsonMapper.shared().readTree(json));
  }
}
