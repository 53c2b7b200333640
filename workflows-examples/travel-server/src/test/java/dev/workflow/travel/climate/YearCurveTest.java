package dev.workflow.travel.climate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class YearCurveTest {
  private static final YearCurve CURVE =
      new YearCurve(List.of(10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 5.0, 15.0, 25.0));

  @Test
  void theMiddleOfAMonthHasTheMonthsMean() {
    assertThat(CURVE.at(LocalDate.of(2027, 1, 16))).isCloseTo(10, within(1e-9));
    assertThat(CURVE.at(LocalDate.of(2027, 10, 16))).isCloseTo(5, within(1e-9));
  }

  @Test
  void betweenTwoMiddlesTheCurveIsStraight() {
    assertThat(CURVE.at(LocalDate.of(2027, 2, 1))).isCloseTo(10 + 10 * 16 / 29.5, within(1e-9));
  }

  @Test
  void decemberRunsIntoJanuary() {
    assertThat(CURVE.at(LocalDate.of(2026, 12, 31))).isCloseTo(25 - 15 * 15 / 31.0, within(1e-9));
    assertThat(CURVE.at(LocalDate.of(2027, 1, 1))).isCloseTo(25 - 15 * 16 / 31.0, within(1e-9));
  }

  @Test
  void noDayJumpsAndNoneLeavesTheRangeOfTheMonths() {
    LocalDate day = LocalDate.of(2024, 1, 1);
    for (int i = 0; i < 800; i++, day = day.plusDays(1)) {
      assertThat(CURVE.at(day)).isBetween(5.0, 90.0);
      assertThat(Math.abs(CURVE.at(day.plusDays(1)) - CURVE.at(day))).isLessThan(3);
    }
  }

  @Test
  void totalsBecomeMeansPerDay() {
    YearCurve perDay =
        new YearCurve(
                List.of(31.0, 28.25, 62.0, 30.0, 31.0, 30.0, 31.0, 31.0, 30.0, 31.0, 30.0, 31.0))
            .perDay();
    assertThat(perDay.months())
        .containsExactly(1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
  }

  @Test
  void aYearHasTwelveMonths() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new YearCurve(List.of(1.0)))
        .withMessage("expected 12 monthly means, found 1");
  }
}
