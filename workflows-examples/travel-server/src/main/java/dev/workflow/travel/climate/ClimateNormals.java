package dev.workflow.travel.climate;

import dev.workflow.travel.climate.DayNormal.StationShare;
import dev.workflow.travel.data.Refusal;
import dev.workflow.travel.place.Place;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Climate normals of a place, from the stations around it.
 *
 * <p>At most four stations take part: the nearest, and those not much farther. The weight of a
 * station at distance d km is 1 / (d² + 25). Temperatures are first brought to the height of the
 * place with 6.5 °C per kilometre.
 */
public final class ClimateNormals {
  private static final int STATIONS_MAX = 4;
  private static final double REACH_KM = 500;

  private final List<Station> stations;

  ClimateNormals(List<Station> stations) {
    this.stations = List.copyOf(stations);
  }

  /** The shipped normals. */
  public static ClimateNormals shipped() {
    return new ClimateNormals(Station.shipped());
  }

  public int stationCount() {
    return stations.size();
  }

  /**
   * The normal of {@code place} on {@code date}.
   *
   * @throws Refusal if no station is within 500 km
   */
  public DayNormal on(Place place, LocalDate date) {
    List<Weighted> around = around(place);
    double height = place.elevationM();
    return new DayNormal(
        mean(around, s -> s.temperatureAt(s.temperatureMax(), date, height)),
        mean(around, s -> s.temperatureAt(s.temperatureMin(), date, height)),
        Math.min(1, mean(around, s -> s.rainyShare().at(date))),
        mean(around, s -> s.rainPerDay().at(date)),
        mean(around, s -> s.wind().at(date)),
        around.stream().map(Weighted::share).toList());
  }

  private record Weighted(Station station, double distanceKm, double weight) {
    Weighted weighing(double newWeight) {
      return new Weighted(station, distanceKm, newWeight);
    }

    StationShare share() {
      return new StationShare(station.name(), distanceKm, station.elevationM(), weight);
    }
  }

  private List<Weighted> around(Place place) {
    List<Weighted> byDistance =
        stations.stream()
            .map(station -> weighted(station, place.distanceKm(station.point())))
            .sorted(Comparator.comparingDouble(Weighted::distanceKm))
            .limit(STATIONS_MAX)
            .toList();
    double nearest = byDistance.get(0).distanceKm();
    if (nearest > REACH_KM) {
      throw new Refusal(
          "no climate station within %.0f km of %s; the nearest is %s, %.0f km away"
              .formatted(REACH_KM, place.label(), byDistance.get(0).station().name(), nearest));
    }
    List<Weighted> near =
        byDistance.stream()
            .filter(w -> w.distanceKm() <= Math.min(REACH_KM, 3 * nearest + 50))
            .toList();
    double sum = near.stream().mapToDouble(Weighted::weight).sum();
    return near.stream().map(w -> w.weighing(w.weight() / sum)).toList();
  }

  private static Weighted weighted(Station station, double distanceKm) {
    return new Weighted(station, distanceKm, 1 / (distanceKm * distanceKm + 25));
  }

  private static double mean(List<Weighted> around, ToDoubleFunction<Station> value) {
    return around.stream().mapToDouble(w -> w.weight() * value.applyAsDouble(w.station())).sum();
  }
}
