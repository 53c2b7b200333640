package dev.workflow.travel.place;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {
  @ParameterizedTest
  @CsvSource({
    "Whāingaroa, whaingaroa",
    "'  RAGLAN ', raglan",
    "Hawke’s Bay, hawkes bay",
    "Mt. Maunganui, mount maunganui",
    "St Arnaud, saint arnaud",
    "Aoraki / Mount Cook Village, aoraki mount cook village",
    "Papeʻete, papeete",
    "København, kobenhavn",
    "İstanbul, istanbul",
    "東京, 東京",
    "..., ''"
  })
  void namesAreComparedWithoutCaseDiacriticsAndPunctuation(String name, String folded) {
    assertThat(Names.folded(name)).isEqualTo(folded);
  }

  @ParameterizedTest
  @CsvSource({
    "raglan, raglan, 0",
    "raglan, ragland, 1",
    "raglan, raglna, 1",
    "raglan, rglan, 1",
    "taupo, tauranga, 5",
    "'', abc, 3"
  })
  void distanceCountsEditsAndSwaps(String a, String b, int distance) {
    assertThat(Names.distance(a, b)).isEqualTo(distance);
    assertThat(Names.distance(b, a)).isEqualTo(distance);
  }

  @Test
  void foldingTwiceIsFoldingOnce() {
    for (Place place : Gazetteer.shipped().places()) {
      String once = Names.folded(place.name());
      assertThat(Names.folded(once)).isEqualTo(once).isNotEmpty();
    }
  }
}
