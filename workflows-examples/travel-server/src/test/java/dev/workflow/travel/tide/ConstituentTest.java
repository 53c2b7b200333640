package dev.workflow.travel.tide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConstituentTest {
  /** Schureman (1958), table 2. */
  @ParameterizedTest
  @CsvSource({
    "M2, 28.9841042",
    "S2, 30.0000000",
    "N2, 28.4397295",
    "K2, 30.0821373",
    "NU2, 28.5125831",
    "MU2, 27.9682084",
    "TWO_N2, 27.8953548",
    "L2, 29.5284789",
    "T2, 29.9589333",
    "K1, 15.0410686",
    "O1, 13.9430356",
    "P1, 14.9589314",
    "Q1, 13.3986609",
    "J1, 15.5854433",
    "M4, 57.9682084",
    "MS4, 58.9841042",
    "MN4, 57.4238337",
    "M6, 86.9523127"
  })
  void speedsAreThoseOfTheTables(Constituent constituent, double degreesPerHour) {
    assertThat(constituent.speed()).isCloseTo(degreesPerHour, within(2e-7));
  }

  @Test
  void theMoonsTideComesEveryTwelveHoursTwentyFiveMinutes() {
    assertThat(360 / Constituent.M2.speed()).isCloseTo(12.4206, within(0.0001));
  }

  @Test
  void springTidesComeEveryFifteenDays() {
    double beat = 360 / (Constituent.S2.speed() - Constituent.M2.speed()) / 24;
    assertThat(beat).isCloseTo(14.7653, within(0.0001));
  }

  @ParameterizedTest
  @EnumSource
  void theArgumentRunsAtTheSpeed(Constituent constituent) {
    Instant from = Instant.parse("2027-01-15T00:00:00Z");
    double moved =
        constituent.argument(Astronomy.at(from.plusSeconds(36000)))
            - constituent.argument(Astronomy.at(from));
    assertThat(moved).isCloseTo(10 * constituent.speed(), within(1e-5));
  }
}
