package dev.workflow.travel.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void commentsAreSkippedAndCellsAreFoundByColumn() {
    assertThat(
            Table.read(
                "table-sound.tsv",
                row -> row.text("name") + row.number("height") + row.parts("tags", ';')))
        .containsExactly("hill120.5[green, round]", "pit-3.0[]");
  }

  @Test
  void aWrongNumberNamesFileLineAndColumn() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Table.read("table-sound.tsv", row -> row.number("name")))
        .withMessage("table-sound.tsv:3 name: expected a number, found \"hill\"");
  }

  @Test
  void anUnknownColumnIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Table.read("table-sound.tsv", row -> row.text("width")))
        .withMessageStartingWith("table-sound.tsv:3 width: expected a column of this name");
  }

  @Test
  void aShortRowIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Table.read("table-short-row.tsv", row -> row.text("name")))
        .withMessage("table-short-row.tsv:2 : expected 3 cells, found 2");
  }

  @Test
  void aMissingTableIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Table.read("nowhere.tsv", row -> row))
        .withMessage("nowhere.tsv: expected on the class path, found nothing");
  }
}
