package dev.workflow.travel.tide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AstronomyTest {
  /** Schureman (1958), table 1, p. 162: T in Julian centuries from 1899-12-31 noon, in degrees. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "1900-01-01T00:00:00Z",
        "1937-07-01T12:00:00Z",
        "1969-07-20T20:17:00Z",
        "2000-01-01T12:00:00Z",
        "2027-01-15T03:00:00Z",
        "2100-12-31T23:59:00Z"
      })
  void longitudesAgreeWithSchuremansOwn(Instant instant) {
    double t =
        (instant.getEpochSecond() - Instant.parse("1899-12-31T12:00:00Z").getEpochSecond())
            / (36525 * 86400.0);
    Astronomy a = Astronomy.at(instant);
    same(a.moon(), seconds(270, 26, 14.72) + 1336 * 360 * t + turn(1108411.20, 9.09, 0.0068, t));
    same(a.sun(), seconds(279, 41, 48.04) + turn(129602768.13, 1.089, 0, t));
    same(
        a.lunarPerigee(),
        seconds(334, 19, 40.87) + 11 * 360 * t + turn(392515.94, -37.24, -0.045, t));
    same(a.node(), seconds(259, 10, 57.12) - 5 * 360 * t + turn(-482912.63, 7.58, 0.008, t));
    same(a.solarPerigee(), seconds(281, 13, 15.0) + turn(6189.03, 1.63, 0.012, t));
  }

  private static double seconds(int degrees, int minutes, double seconds) {
    return degrees + minutes / 60.0 + seconds / 3600;
  }

  private static double turn(double linear, double square, double cube, double t) {
    return t * (linear + t * (square + t * cube)) / 3600;
  }

  private static void same(double found, double expected) {
    assertThat(Math.IEEEremainder(found - expected, 360)).isCloseTo(0, within(0.04));
  }

  /**
   * Mean and true longitudes differ by at most 6.3 (moon) and 1.9 degrees (sun) and small terms.
   */
  @ParameterizedTest
  @CsvSource({
    "1969-07-14T14:12:00Z, 0",
    "1999-08-11T11:08:00Z, 0",
    "2017-08-21T18:30:00Z, 0",
    "2024-04-08T18:21:00Z, 0",
    "2024-04-23T23:49:00Z, 180",
    "2022-11-08T11:02:00Z, 180"
  })
  void moonAndSunMeetAtNewMoonAndFaceEachOtherAtFullMoon(Instant instant, double elongation) {
    Astronomy a = Astronomy.at(instant);
    assertThat(Math.IEEEremainder(a.moon() - a.sun() - elongation, 360)).isCloseTo(0, within(9.5));
  }

  @Test
  void theSunsHourAngleIsHalfATurnAtMidnightAndNoneAtNoon() {
    assertThat(Astronomy.at(Instant.parse("2027-01-15T00:00:00Z")).sunHour()).isEqualTo(180);
    assertThat(Astronomy.at(Instant.parse("2027-01-15T12:00:00Z")).sunHour()).isEqualTo(360);
    assertThat(Astronomy.at(Instant.parse("1927-01-15T18:00:00Z")).sunHour()).isEqualTo(450);
  }
}
