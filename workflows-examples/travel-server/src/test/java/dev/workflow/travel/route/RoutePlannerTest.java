package dev.workflow.travel.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.workflow.travel.place.Gazetteer;
import dev.workflow.travel.place.Place;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoutePlannerTest {
  private static final Gazetteer GAZETTEER = Gazetteer.shipped();
  private static final RoutePlanner ROUTES = new RoutePlanner(GAZETTEER);

  /** Road distances and times from common knowledge, to judge the estimates by. */
  @ParameterizedTest
  @CsvSource({
    "Hamilton, Raglan, 48, 45",
    "Auckland, Wellington, 643, 495",
    "Auckland, Hamilton, 125, 100",
    "Christchurch, Queenstown, 483, 360",
    "Queenstown, Milford Sound, 290, 250",
    "Dunedin, Invercargill, 205, 155",
    "Rotorua, Taupo, 80, 65",
    "Paris, Berlin, 1050, 620",
    "Boston, New York, 345, 240",
    "Sydney, Melbourne, 880, 540"
  })
  void estimatesLieWithinAQuarterOfKnownRoads(String from, String to, double km, double minutes) {
    Route.Road road = road(from, to, TravelMode.CAR);
    assertThat(road.distanceKm()).isBetween(0.75 * km, 1.25 * km);
    assertThat(road.minutes()).isBetween(0.75 * minutes, 1.3 * minutes);
  }

  @Test
  void aDeadEndIsReachedThroughItsGateways() {
    assertThat(road("Queenstown", "Milford Sound", TravelMode.CAR).via())
        .containsExactly("Lumsden", "Te Anau");
    assertThat(road("Milford Sound", "Glenorchy", TravelMode.CAR).via())
        .containsExactly("Te Anau", "Lumsden", "Queenstown");
    assertThat(road("Milford Sound", "Manapouri", TravelMode.CAR).via()).containsExactly("Te Anau");
    assertThat(road("Te Anau", "Milford Sound", TravelMode.CAR).via()).isEmpty();
  }

  @Test
  void thereAndBackIsTheSame() {
    List<Place> places = GAZETTEER.places();
    for (int i = 0; i < places.size(); i++) {
      Place a = places.get(i);
      Place b = places.get((i * 31 + 17) % places.size());
      for (TravelMode mode : TravelMode.values()) {
        if (ROUTES.plan(a, b, mode) instanceof Route.Road there
            && ROUTES.plan(b, a, mode) instanceof Route.Road back) {
          assertThat(there.distanceKm()).isCloseTo(back.distanceKm(), within(1e-6));
          assertThat(there.minutes()).isCloseTo(back.minutes(), within(1e-6));
          assertThat(there.distanceKm()).isGreaterThanOrEqualTo(there.greatCircleKm() - 1e-9);
          assertThat(there.minutesMin()).isLessThanOrEqualTo(there.minutes());
          assertThat(there.minutesMax()).isGreaterThanOrEqualTo(there.minutes());
        } else {
          assertThat(ROUTES.plan(b, a, mode)).isInstanceOf(Route.NoRoad.class);
        }
      }
    }
  }

  @Test
  void theFootIsSlowerThanTheBicycleAndThatThanTheCar() {
    double car = road("Napier", "Hastings", TravelMode.CAR).minutes();
    double bicycle = road("Napier", "Hastings", TravelMode.BICYCLE).minutes();
    double walk = road("Napier", "Hastings", TravelMode.WALK).minutes();
    assertThat(car).isLessThan(bicycle);
    assertThat(bicycle).isLessThan(walk);
  }

  @Test
  void whereOneIsAlreadyTakesNoTime() {
    Route.Road road = road("Raglan", "Raglan", TravelMode.CAR);
    assertThat(road.distanceKm()).isZero();
    assertThat(road.minutes()).isZero();
    assertThat(road.roadFactor()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "Wellington, Picton",
    "Auckland, Waiheke Island",
    "Sydney, Auckland",
    "London, Paris",
    "Panama City, Bogota",
    "Tokyo, Sapporo"
  })
  void acrossTheSeaThereIsNoRoad(String from, String to) {
    assertThat(plan(from, to, TravelMode.CAR))
        .isInstanceOfSatisfying(
            Route.NoRoad.class,
            none -> {
              assertThat(none.greatCircleKm()).isPositive();
              assertThat(none.reason()).startsWith("no road joins");
            });
  }

  private static Route.Road road(String from, String to, TravelMode mode) {
    assertThat(plan(from, to, mode)).isInstanceOf(Route.Road.class);
    return (Route.Road) plan(from, to, mode);
  }

  private static Route plan(String from, String to, TravelMode mode) {
    return ROUTES.plan(GAZETTEER.find(from), GAZETTEER.find(to), mode);
  }
}
