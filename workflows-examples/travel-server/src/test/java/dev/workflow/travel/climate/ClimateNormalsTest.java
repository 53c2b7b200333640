package dev.workflow.travel.climate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.workflow.travel.climate.DayNormal.StationShare;
import dev.workflow.travel.data.Refusal;
import dev.workflow.travel.place.Gazetteer;
import dev.workflow.travel.place.Place;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClimateNormalsTest {
  private static final Gazetteer GAZETTEER = Gazetteer.shipped();
  private static final List<Station> STATIONS = Station.shipped();
  private static final ClimateNormals NORMALS = new ClimateNormals(STATIONS);
  private static final List<LocalDate> DATES =
      List.of(
          LocalDate.of(2027, 1, 16),
          LocalDate.of(2027, 4, 1),
          LocalDate.of(2027, 7, 16),
          LocalDate.of(2028, 2, 29));

  @Test
  void thereAreAtLeastSixtyStations() {
    assertThat(NORMALS.stationCount()).isGreaterThan(100);
  }

  @Test
  void temperaturesStayWithinTheHullOfTheStationsBroughtToThePlacesHeight() {
    for (Place place : GAZETTEER.places()) {
      for (LocalDate date : DATES) {
        DayNormal normal = NORMALS.on(place, date);
        List<Double> maxima =
            normal.stations().stream()
                .map(share -> station(share.name()))
                .map(s -> s.temperatureAt(s.temperatureMax(), date, place.elevationM()))
                .sorted()
                .toList();
        assertThat(normal.temperatureMax())
            .as("%s on %s", place.name(), date)
            .isBetween(maxima.get(0) - 1e-9, maxima.get(maxima.size() - 1) + 1e-9);
      }
    }
  }

  @Test
  void valuesAreSoundForEveryPlaceAndMonth() {
    for (Place place : GAZETTEER.places()) {
      for (int month = 1; month <= 12; month++) {
        DayNormal normal = NORMALS.on(place, LocalDate.of(2027, month, 20));
        assertThat(normal.temperatureMax()).isGreaterThan(normal.temperatureMin());
        assertThat(normal.temperatureMin()).isBetween(-30.0, 35.0);
        assertThat(normal.rainChance()).isBetween(0.0, 1.0);
        assertThat(normal.rainMm()).isBetween(0.0, 30.0);
        assertThat(normal.windKmh()).isBetween(1.0, 50.0);
        assertThat(normal.stations().stream().mapToDouble(StationShare::weight).sum())
            .isCloseTo(1, within(1e-9));
        assertThat(normal.stations().get(0).distanceKm()).isLessThan(150);
      }
    }
  }

  @Test
  void atAStationItsOwnNormalPrevails() {
    DayNormal hamilton = NORMALS.on(GAZETTEER.find("Hamilton"), LocalDate.of(2027, 1, 16));
    assertThat(hamilton.stations().get(0).name()).isEqualTo("Hamilton");
    assertThat(hamilton.temperatureMax()).isCloseTo(23.8, within(0.3));
    assertThat(hamilton.temperatureMin()).isCloseTo(12.7, within(0.3));
  }

  @Test
  void januaryIsSummerInTheSouthAndWinterInTheNorth() {
    assertThat(range("Dunedin")).isNegative();
    assertThat(range("Sydney")).isNegative();
    assertThat(range("Paris")).isPositive();
    assertThat(range("Boston")).isPositive();
  }

  private static Station station(String name) {
    return STATIONS.stream().filter(s -> s.name().equals(name)).findFirst().orElseThrow();
  }

  private static double range(String place) {
    return NORMALS.on(GAZETTEER.find(place), DATES.get(2)).temperatureMax()
        - NORMALS.on(GAZETTEER.find(place), DATES.get(0)).temperatureMax();
  }

  @Test
  void heightCoolsByTheLapseRate() {
    Station station = station("Queenstown");
    double atStation = station.temperatureAt(station.temperatureMax(), DATES.get(0), 330);
    double higher = station.temperatureAt(station.temperatureMax(), DATES.get(0), 1330);
    assertThat(atStation - higher).isCloseTo(6.5, within(1e-9));
  }

  @Test
  void aPlaceWithoutAStationNearIsRefused() {
    var europe = new ClimateNormals(List.of(station("Paris")));
    assertThatExceptionOfType(Refusal.class)
        .isThrownBy(() -> europe.on(GAZETTEER.find("Raglan"), DATES.get(0)))
        .withMessage(
            "no climate station within 500 km of Raglan (Waikato, New Zealand);"
                + " the nearest is Paris, 18651 km away");
  }
}
