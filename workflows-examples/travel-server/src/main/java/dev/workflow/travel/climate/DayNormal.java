package dev.workflow.travel.climate;

import java.util.List;

/**
 * What the climate is like on one day of the year.
 *
 * @param rainChance share of days with 1 mm or more
 * @param rainMm mean rain of a day, dry days included
 * @param stations the stations it was made from, nearest first; the weights sum to 1
 */
public record DayNormal(
    double temperatureMax,
    double temperatureMin,
    double rainChance,
    double rainMm,
    double windKmh,
    List<StationShare> stations) {
  public DayNormal {
    stations = List.copyOf(stations);
  }

  /** One station's part in a normal. */
  public record StationShare(String name, double distanceKm, double elevationM, double weight) {}
}
