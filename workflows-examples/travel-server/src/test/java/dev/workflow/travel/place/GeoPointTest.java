package dev.workflow.travel.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class GeoPointTest {
  private static final List<Place> PLACES = Gazetteer.shipped().places();

  @Test
  void aQuarterOfAMeridianIsTenThousandKilometres() {
    assertThat(new GeoPoint(0, 20).distanceKm(new GeoPoint(90, 0))).isCloseTo(10007.5, within(0.1));
  }

  @Test
  void antipodesAreHalfTheGlobeApart() {
    assertThat(new GeoPoint(37, -5).distanceKm(new GeoPoint(-37, 175)))
        .isCloseTo(Math.PI * GeoPoint.MEAN_RADIUS_KM, within(0.001));
  }

  @Test
  void theShortWayRunsAcrossTheDateLine() {
    assertThat(new GeoPoint(0, 179.5).distanceKm(new GeoPoint(0, -179.5)))
        .isCloseTo(111.19, within(0.01));
  }

  @Test
  void distanceIsSymmetricAndZeroToItself() {
    for (Place a : PLACES) {
      assertThat(a.distanceKm(a.point())).isZero();
      for (Place b : PLACES) {
        assertThat(a.distanceKm(b.point())).isCloseTo(b.distanceKm(a.point()), within(1e-9));
      }
    }
  }

  @Test
  void aDetourIsNeverShorter() {
    for (int i = 0; i + 2 < PLACES.size(); i++) {
      GeoPoint a = PLACES.get(i).point();
      for (Place b : PLACES) {
        GeoPoint c = PLACES.get((i * 7 + 3) % PLACES.size()).point();
        assertThat(a.distanceKm(c))
            .isLessThanOrEqualTo(a.distanceKm(b.point()) + b.distanceKm(c) + 1e-9);
      }
    }
  }

  @Test
  void aPointOffTheGlobeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GeoPoint(91, 0))
        .withMessage(
            "expected latitude within 90 and longitude within 180 degrees, found 91.0, 0.0");
    assertThatIllegalArgumentException().isThrownBy(() -> new GeoPoint(0, Double.NaN));
  }
}
