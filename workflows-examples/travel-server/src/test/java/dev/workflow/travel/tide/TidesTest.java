package dev.workflow.travel.tide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.workflow.travel.place.Gazetteer;
import dev.workflow.travel.place.Place;
import dev.workflow.travel.place.TideAccess;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TidesTest {
  private static final Gazetteer GAZETTEER = Gazetteer.shipped();
  private static final Tides TIDES = Tides.shipped();

  @Test
  void atLeastEightPortsAreShippedAndEachStandsForAPlace() {
    assertThat(TIDES.ports()).hasSizeGreaterThan(50);
    for (TidePort port : TIDES.ports()) {
      assertThat(GAZETTEER.places())
          .as(port.id())
          .anyMatch(
              place ->
                  place.tide().equals(new TideAccess.Port(port.id()))
                      && place.distanceKm(port.point()) < 60);
    }
  }

  @Test
  void everyPlaceWithAPortHasTurnsOnTheDayAskedFor() {
    LocalDate date = LocalDate.of(2027, 1, 15);
    for (Place place : GAZETTEER.places()) {
      if (place.tide() instanceof TideAccess.Port) {
        TideDay.Predicted day = (TideDay.Predicted) TIDES.on(place, date);
        assertThat(day.distanceKm()).as(place.name()).isLessThan(90);
        assertThat(day.turns()).hasSizeBetween(2, 5);
        assertThat(day.turns())
            .allMatch(turn -> turn.time().atZone(place.zone()).toLocalDate().equals(date));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Hamilton, Hamilton is inland",
    "Queenstown, Queenstown is inland",
    "Picton, no shipped tide port stands for the coast of Picton"
  })
  void withoutAPortThereIsAReasonAndTheNearestPort(String name, String reason) {
    assertThat(TIDES.on(GAZETTEER.find(name), LocalDate.of(2027, 1, 15)))
        .isInstanceOfSatisfying(
            TideDay.Unavailable.class,
            day -> {
              assertThat(day.reason()).isEqualTo(reason);
              assertThat(day.port()).isNotEmpty();
              assertThat(day.distanceKm()).isPositive();
            });
  }

  /** Days of 23 and 25 hours: New Zealand's clocks change in the nights to these Sundays. */
  @Test
  void daysOfDaylightSavingAreWholeAndTheirNeighboursFollow() {
    Place raglan = GAZETTEER.find("Raglan");
    for (int year = 2010; year <= 2040; year++) {
      LocalDate spring =
          LocalDate.of(year, 9, 1).with(TemporalAdjusters.lastInMonth(DayOfWeek.SUNDAY));
      LocalDate autumn =
          LocalDate.of(year, 4, 1).with(TemporalAdjusters.firstInMonth(DayOfWeek.SUNDAY));
      follow(raglan, spring);
      follow(raglan, autumn);
    }
  }

  private static void follow(Place place, LocalDate sunday) {
    var turns = new ArrayList<TideTurn>();
    for (int day = -1; day <= 1; day++) {
      LocalDate date = sunday.plusDays(day);
      List<TideTurn> ofDay = ((TideDay.Predicted) TIDES.on(place, date)).turns();
      assertThat(ofDay)
          .allMatch(turn -> turn.time().atZone(place.zone()).toLocalDate().equals(date));
      turns.addAll(ofDay);
    }
    for (int i = 1; i < turns.size(); i++) {
      Duration apart = Duration.between(turns.get(i - 1).time(), turns.get(i).time());
      assertThat(apart).as("%s", sunday).isBetween(Duration.ofHours(5), Duration.ofHours(8));
    }
  }

  @Test
  void thePacificAndTheTasmanSideAreHoursApart() {
    TideTurn auckland = firstHigh("Auckland");
    TideTurn manukau = firstHigh("Manukau");
    double hours = (manukau.time().getEpochSecond() - auckland.time().getEpochSecond()) / 3600.0;
    assertThat(Math.abs(Math.IEEEremainder(hours, 12.42))).isBetween(2.0, 4.0);
  }

  private static TideTurn firstHigh(String place) {
    return ((TideDay.Predicted) TIDES.on(GAZETTEER.find(place), LocalDate.of(2027, 1, 15)))
        .highs()
        .get(0);
  }

  @Test
  void aPortThatIsNotShippedIsADefectOfTheData() {
    var none = new Tides(List.of());
    assertThatIllegalStateException()
        .isThrownBy(() -> none.on(GAZETTEER.find("Raglan"), LocalDate.of(2027, 1, 15)))
        .withMessage("gazetteer.tsv: expected a port of tide-ports.tsv, found raglan");
  }
}
