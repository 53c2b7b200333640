package dev.workflow.travel.place;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.travel.place.PointsOfInterest.Nearby;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PointsOfInterestTest {
  private static final PointsOfInterest POINTS = PointsOfInterest.shipped();
  private static final List<Place> PLACES = Gazetteer.shipped().places();

  @Test
  void nearlyEveryPlaceHasSomethingToDoAndOverFortyHaveThree() {
    assertThat(PLACES)
        .filteredOn(place -> POINTS.within(place.point(), 30, point -> true).isEmpty())
        .hasSizeLessThan(5);
    assertThat(PLACES)
        .filteredOn(place -> POINTS.within(place.point(), 30, point -> true).size() >= 3)
        .hasSizeGreaterThan(60);
  }

  @Test
  void everyPointLiesWithinReachOfAPlaceAndIsNamedOnce() {
    var names = new HashSet<String>();
    for (PointOfInterest point : POINTS.all()) {
      assertThat(names.add(point.name())).as(point.name()).isTrue();
      assertThat(PLACES).as(point.name()).anyMatch(place -> place.distanceKm(point.point()) < 50);
    }
  }

  @Test
  void theNearestComeFirstAndNoneIsBeyondTheRadius() {
    Place raglan = Gazetteer.shipped().find("Raglan");
    List<Nearby> found = POINTS.within(raglan.point(), 20, point -> point.kind().equals("surf"));
    assertThat(found)
        .extracting(nearby -> nearby.point().name())
        .containsExactly("Manu Bay", "Whale Bay", "Ruapuke Beach");
    assertThat(found).isSortedAccordingTo(Comparator.comparingDouble(Nearby::distanceKm));
    assertThat(found).allMatch(nearby -> nearby.distanceKm() <= 20);
  }
}
