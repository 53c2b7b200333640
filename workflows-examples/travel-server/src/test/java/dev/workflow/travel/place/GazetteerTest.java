package dev.workflow.travel.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.workflow.travel.data.Refusal;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GazetteerTest {
  private static final Gazetteer GAZETTEER = Gazetteer.shipped();

  @Test
  void itKnowsWellOverAHundredAndFiftyPlacesAndNewZealandInDepth() {
    assertThat(GAZETTEER.places()).hasSizeGreaterThan(200);
    assertThat(GAZETTEER.places())
        .filteredOn(place -> place.country().code().equals("NZ"))
        .hasSizeGreaterThan(90)
        .allSatisfy(
            place -> {
              assertThat(place.point().latitude()).isBetween(-47.5, -34.0);
              assertThat(place.point().longitude()).isBetween(166.0, 179.0);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "raglan, Raglan",
    "WHAINGAROA, Raglan",
    "whāingaroa, Raglan",
    "'Raglan, New Zealand', Raglan",
    "'Raglan, Waikato, NZ', Raglan",
    "Hamilton NZ, Hamilton",
    "hamilton new zealand, Hamilton",
    "Taupo, Taupō",
    "Mt Cook, Aoraki / Mount Cook Village",
    "New York City, New York",
    "'London, UK', London",
    "Zurich, Zürich",
    "'Paris, Île-de-France, France', Paris"
  })
  void aPlaceIsFoundUnderEachOfItsNames(String asked, String found) {
    assertThat(GAZETTEER.find(asked).name()).isEqualTo(found);
  }

  @Test
  void everyPlaceIsFoundByItsNameItsLabelAndItsAliases() {
    for (Place place : GAZETTEER.places()) {
      assertThat(GAZETTEER.find(place.name())).isEqualTo(place);
      assertThat(
              GAZETTEER.find(place.name() + ", " + place.region() + ", " + place.country().name()))
          .isEqualTo(place);
      assertThat(place.aliases())
          .allSatisfy(alias -> assertThat(GAZETTEER.find(alias)).isEqualTo(place));
    }
  }

  @Test
  void anUnknownPlaceIsRefusedWithTheNearestNames() {
    refused(
        "Ragland",
        "unknown place \"Ragland\": it is none of the 221 places here;"
            + " did you mean Raglan (Waikato, New Zealand)?");
    refused(
        "Queenstwon, NZ",
        "unknown place \"Queenstwon, NZ\": it is none of the 221 places here;"
            + " did you mean Queenstown (Otago, New Zealand)?");
    refused(
        "Xyzzyville",
        "unknown place \"Xyzzyville\": it is none of the 221 places here;"
            + " no known name is near; name a larger town close by");
  }

  @Test
  void aKnownNameInAnotherCountryIsNotSilentlyTaken() {
    refused(
        "Hamilton, Canada",
        "unknown place \"Hamilton, Canada\": the only Hamilton here is Hamilton (Waikato, New Zealand)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",", "?!", ", New Zealand"})
  void aNameWithoutLettersIsUnknown(String name) {
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> GAZETTEER.find(name))
        .withMessageStartingWith("unknown place");
  }

  @Test
  void anEndlessNameIsRefusedBeforeItIsSearched() {
    refused(
        "a".repeat(201),
        "the name of a place has at most 200 characters, found 201; give the name alone");
  }

  @Test
  void twoPlacesCannotShareAName() {
    Place raglan = GAZETTEER.find("Raglan");
    assertThatIllegalStateException()
        .isThrownBy(() -> new Gazetteer(List.of(raglan, raglan)))
        .withMessageContaining("expected one place named \"raglan\"");
  }

  @Test
  void gatewaysAreKnownPlacesOnTheSameLandAndEnd() {
    for (Place place : GAZETTEER.places()) {
      var seen = new HashSet<Place>();
      for (Place at = place; !at.gateway().isEmpty(); at = GAZETTEER.find(at.gateway())) {
        assertThat(seen.add(at)).as("gateways of %s go round", place.name()).isTrue();
        assertThat(GAZETTEER.find(at.gateway()).land()).isEqualTo(place.land());
      }
    }
  }

  private static void refused(String name, String message) {
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> GAZETTEER.find(name))
        .withMessage(message);
  }
}
